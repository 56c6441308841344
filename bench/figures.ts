import type { Figure } from './figure.ts';
import { growth } from './figures/growth.ts';
import { idle } from './figures/idle.ts';
import { lookup } from './figures/lookup.ts';
import { profile } from './figures/profile.ts';
import { recovery } from './figures/recovery.ts';
import { sale } from './figures/sale.ts';
import { scan } from './figures/scan.ts';

/** In the order of the report. */
export const figures = { sale, scan, recovery, idle, lookup, growth, profile } as const satisfies Record<
  string,
  Figure
>;

export type FigureName = keyof typeof figures;
export const figureNames = Object.keys(figures) as readonly FigureName[];
export const isFigureName = (name: string): name is FigureName => Object.hasOwn(figures, name);
