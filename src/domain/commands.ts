import type { ActorKind } from './address.ts';
import type { Refusal } from './errors.ts';
import type { Message } from './message.ts';
import type { Operator, Role } from './roles.ts';

/**
 * Every command a frontend may send: to which kind of actor, by which roles (K4), with which fields.
 * The one table: the runtime checks each command against it, and documentation and frontends are made from it.
 */
type FieldType =
  /** 1 to 200 characters. */
  | 'text'
  /** Letters, digits, - and _. */
  | 'id'
  /** Minor units, ≥ 0. */
  | 'amount'
  /** Minor units of either sign. */
  | 'signed-amount'
  /** Thousandths, > 0. */
  | 'quantity'
  /** Hundredths of a percent, 0 to 10000. */
  | 'percent'
  /** 1, 2, 3 … */
  | 'number'
  | 'flag'
  /** `YYYY-MM-DD` */
  | 'date'
  | 'rings'
  | { readonly oneOf: readonly string[] };

interface Field {
  readonly type: FieldType;
  readonly optional?: true;
}
interface CommandRule {
  readonly roles: readonly Role[];
  readonly fields: Readonly<Record<string, Field>>;
}

const everyone = ['cashier', 'supervisor', 'manager', 'system'] as const;
const lead = ['supervisor', 'manager', 'system'] as const;
const helpers = ['supervisor', 'manager', 'support', 'system'] as const;

const text: Field = { type: 'text' };
const id: Field = { type: 'id' };
const amount: Field = { type: 'amount' };
const optional = (type: FieldType): Field => ({ type, optional: true });
const reason: Field = text;

/** Largest number of items in one RING command: a basket from a mobile scanner. */
export const ringsMax = 100;

export const commandRules = {
  'store-day': {
    OPEN_DAY: { roles: lead, fields: { businessDate: optional('date') } },
    CLOSE_DAY: { roles: lead, fields: {} },
  },
  counter: {
    OPEN: { roles: everyone, fields: { floatMinor: amount, training: optional('flag') } },
    SCAN: {
      roles: [...everyone, 'device'],
      fields: { code: text, quantity: optional('quantity'), unitPriceMinor: optional('amount') },
    },
    RING: { roles: everyone, fields: { items: { type: 'rings' } } },
    RING_DEPARTMENT: {
      roles: everyone,
      fields: {
        department: text,
        amountMinor: { type: 'signed-amount' },
        quantity: optional('quantity'),
        description: optional('text'),
      },
    },
    ADJUST: {
      roles: everyone,
      fields: {
        description: text,
        code: text,
        amountMinor: { type: 'signed-amount' },
        department: text,
        taxClass: optional('text'),
        discountable: optional('flag'),
        coupon: optional('flag'),
      },
    },
    RETURN: {
      roles: everyone,
      fields: {
        code: optional('text'),
        department: optional('text'),
        amountMinor: optional('amount'),
        quantity: optional('quantity'),
        unitPriceMinor: optional('amount'),
        receiptCounter: optional('id'),
        receiptNumber: optional('number'),
        line: optional('number'),
      },
    },
    VOID_LINE: { roles: everyone, fields: { line: { type: 'number' } } },
    DISCOUNT_LINE: {
      roles: lead,
      fields: {
        line: { type: 'number' },
        percentHundredths: optional('percent'),
        amountMinor: optional('amount'),
        reason,
      },
    },
    DISCOUNT_ORDER: {
      roles: everyone,
      fields: { percentHundredths: optional('percent'), amountMinor: optional('amount'), reason },
    },
    SET_MEMBER: { roles: everyone, fields: { memberId: optional('id') } },
    SET_TAX_EXEMPT: { roles: everyone, fields: { taxExempt: { type: 'flag' }, reason } },
    SUSPEND: { roles: everyone, fields: {} },
    RESUME: { roles: everyone, fields: { orderId: id } },
    SELL_ON: { roles: everyone, fields: {} },
    CANCEL_ORDER: { roles: everyone, fields: { reason } },
    PAY: { roles: everyone, fields: { tender: text, amountMinor: optional('signed-amount') } },
    VOID_PAYMENT: { roles: everyone, fields: { paymentId: id, reason } },
    ABORT_PAYMENT: { roles: everyone, fields: { paymentId: id } },
    PAID_IN: { roles: everyone, fields: { amountMinor: amount, reason } },
    PAID_OUT: { roles: everyone, fields: { amountMinor: amount, reason } },
    SAFE_DROP: { roles: everyone, fields: { amountMinor: amount, reason } },
    NO_SALE: { roles: everyone, fields: { reason } },
    LOCK: { roles: everyone, fields: {} },
    UNLOCK: { roles: everyone, fields: {} },
    REPRINT: { roles: everyone, fields: { orderId: id, printer: optional('id') } },
    X_REPORT: { roles: everyone, fields: {} },
    START_COUNT: { roles: everyone, fields: {} },
    CANCEL_COUNT: { roles: everyone, fields: {} },
    COUNT: { roles: everyone, fields: { countedMinor: amount } },
  },
  payment: {
    ABORT: { roles: everyone, fields: {} },
    ASK_AGAIN: { roles: [...everyone, 'support'], fields: {} },
    RESOLVE: { roles: lead, fields: { outcome: { type: { oneOf: ['approved', 'failed'] } }, reason } },
  },
  refund: {
    ASK_AGAIN: { roles: [...everyone, 'support'], fields: {} },
    RESOLVE: { roles: lead, fields: { outcome: { type: { oneOf: ['approved', 'failed'] } }, reason } },
  },
  order: { CANCEL: { roles: lead, fields: { reason } } },
  printer: { INSTALL: { roles: helpers, fields: {} } },
  terminal: { INSTALL: { roles: helpers, fields: {} } },
  drawer: { INSTALL: { roles: helpers, fields: {} } },
  display: { INSTALL: { roles: helpers, fields: {} } },
  scanner: { INSTALL: { roles: helpers, fields: {} } },
} as const satisfies Record<ActorKind, Readonly<Record<string, CommandRule>>>;

/** Own rules only: every object has a `constructor`, and no actor takes it for a command. */
const ruleOf = (kind: ActorKind, type: string): CommandRule | undefined =>
  Object.hasOwn(commandRules[kind], type)
    ? (commandRules[kind] as Readonly<Record<string, CommandRule>>)[type]
    : undefined;

/** Whether this command may be given at all, by this operator, in this shape. `null`: yes. */
export function checkCommand(kind: ActorKind, command: Message, operator: Operator): Refusal | null {
  const rule = ruleOf(kind, command.type);
  if (rule === undefined) {
    return {
      reason: 'bad-command',
      detail: `a ${kind} takes no ${command.type}; it takes ${Object.keys(commandRules[kind]).join(', ')}`,
    };
  }
  if (!rule.roles.includes(operator.role)) {
    return {
      reason: 'not-allowed',
      detail: `${command.type} needs the role ${rule.roles.join(' or ')}; ${operator.id} is ${operator.role}`,
    };
  }
  return checkFields(rule.fields, command);
}

function checkFields(fields: CommandRule['fields'], command: Message): Refusal | null {
  for (const name of Object.keys(command)) {
    if (name !== 'type' && !Object.hasOwn(fields, name)) return bad(`${command.type} has no field ${name}`);
  }
  for (const [name, field] of Object.entries(fields)) {
    const value = command[name];
    if (value === undefined || value === null) {
      if (field.optional === undefined) return bad(`${command.type} needs ${name}`);
    } else if (!fits(field.type, value)) {
      return bad(`${name} must be ${describe(field.type)}`);
    }
  }
  return null;
}

const bad = (detail: string): Refusal => ({ reason: 'bad-command', detail });

/** Largest amount in a command: a million of the currency's main unit is a typing error at a till. */
export const commandAmountMax = 100_000_000;
/** Largest quantity: 10,000 pieces, thousandths. */
export const commandQuantityMax = 10_000_000;

function fits(type: FieldType, value: unknown): boolean {
  if (typeof type === 'object') return typeof value === 'string' && type.oneOf.includes(value);
  switch (type) {
    case 'text':
      return typeof value === 'string' && value.length > 0 && value.length <= 200;
    case 'id':
      return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value);
    case 'amount':
      return isInteger(value, 0, commandAmountMax);
    case 'signed-amount':
      return isInteger(value, -commandAmountMax, commandAmountMax);
    case 'quantity':
      return isInteger(value, 1, commandQuantityMax);
    case 'percent':
      return isInteger(value, 0, 10_000);
    case 'number':
      return isInteger(value, 1, Number.MAX_SAFE_INTEGER);
    case 'flag':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
    case 'rings':
      return Array.isArray(value) && value.length > 0 && value.length <= ringsMax && value.every(isRing);
  }
}

const isInteger = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;

const isRing = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  fits('text', value.code) &&
  (!('quantity' in value) || fits('quantity', value.quantity));

function describe(type: FieldType): string {
  if (typeof type === 'object') return type.oneOf.join(' or ');
  const words = {
    text: 'a text of 1 to 200 characters',
    id: 'an id of letters, digits, - and _',
    amount: `whole minor units from 0 to ${commandAmountMax}`,
    'signed-amount': `whole minor units up to ${commandAmountMax}`,
    quantity: `whole thousandths from 1 to ${commandQuantityMax}`,
    percent: 'hundredths of a percent from 0 to 10000',
    number: 'a whole number from 1',
    flag: 'true or false',
    date: 'a date YYYY-MM-DD',
    rings: `a list of 1 to ${ringsMax} { code, quantity? }`,
  } as const;
  return words[type];
}
