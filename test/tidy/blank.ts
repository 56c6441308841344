/**
 * A text of the same length in which comments, and the insides of strings, templates and regular expressions, are spaces.
 * What is left is code: a word found in it is not a word of a comment, and offsets and lines are those of the file.
 */
export const blank = (text: string): string => {
  const out = text.split('');
  const erase = (from: number, to: number): void => {
    for (let at = from; at < to && at < out.length; at += 1) if (out[at] !== '\n') out[at] = ' ';
  };
  walk(text, 0, false, erase);
  return out.join('');
};

type Erase = (from: number, to: number) => void;

/** Walks code from `start` to the end, or to the `}` that closes a `${` of a template; gives the offset behind it. */
const walk = (text: string, start: number, inTemplate: boolean, erase: Erase): number => {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const end = skipLiteral(text, at, erase);
    if (end > at) {
      at = end;
      continue;
    }
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') {
      if (inTemplate && depth === 0) return at + 1;
      depth -= 1;
    }
    at += 1;
  }
  return at;
};

/** Erases the comment, string, template or regular expression that begins at `at`; gives the offset behind it, or `at`. */
const skipLiteral = (text: string, at: number, erase: Erase): number => {
  const two = text.slice(at, at + 2);
  if (two === '//') return eraseTo(text, at, endOf(text, '\n', at), erase);
  if (two === '/*') return eraseTo(text, at, endOf(text, '*/', at + 2) + 2, erase);
  const one = text[at];
  if (one === "'" || one === '"') return skipQuoted(text, at, one, erase);
  if (one === '`') return skipTemplate(text, at, erase);
  if (one === '/' && beginsRegex(text, at)) return skipRegex(text, at, erase);
  return at;
};

const endOf = (text: string, mark: string, from: number): number => {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found;
};

const eraseTo = (text: string, from: number, to: number, erase: Erase): number => {
  erase(from, to);
  return Math.min(to, text.length);
};

const skipQuoted = (text: string, at: number, quote: string, erase: Erase): number => {
  let end = at + 1;
  while (end < text.length && text[end] !== quote && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
  erase(at + 1, end);
  return end + 1;
};

const skipTemplate = (text: string, at: number, erase: Erase): number => {
  let end = at + 1;
  while (end < text.length && text[end] !== '`') {
    if (text.startsWith('${', end)) {
      end = walk(text, end + 2, true, erase);
      continue;
    }
    const step = text[end] === '\\' ? 2 : 1;
    erase(end, end + step);
    end += step;
  }
  return end + 1;
};

/** A `/` begins a regular expression where a value may begin: behind an operator, an opening bracket or such a word. */
const beginsRegex = (text: string, at: number): boolean => {
  const before = text.slice(Math.max(0, at - 40), at).trimEnd();
  return before === '' || /[(,=:[!&|?{};+\-*%<>~^]$|\b(?:return|typeof|case|in|of|void|yield|await)$/.test(before);
};

const skipRegex = (text: string, at: number, erase: Erase): number => {
  let end = at + 1;
  let inClass = false;
  while (end < text.length && text[end] !== '\n' && (inClass || text[end] !== '/')) {
    if (text[end] === '[') inClass = true;
    if (text[end] === ']') inClass = false;
    end += text[end] === '\\' ? 2 : 1;
  }
  erase(at + 1, end);
  return end + 1;
};
