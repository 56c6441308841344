/** Who acts: a person's role, a device's, or the program itself. */
export const roles = ['cashier', 'supervisor', 'manager', 'support', 'auditor', 'device', 'system'] as const;
export type Role = (typeof roles)[number];

export interface Operator {
  readonly id: string;
  readonly role: Role;
}

/** The program's own steps: timers, restarts, answers between actors. */
export const systemOperator: Operator = { id: 'system', role: 'system' };
export const deviceOperator: Operator = { id: 'device', role: 'device' };
