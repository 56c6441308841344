/** A place a nats-server can be fetched from. */
export interface NatsSource {
  /** For progress lines and messages. */
  readonly name: string;
  /** Puts a program into `directory`, a private one that is thrown away afterwards. Never rejects. */
  fetch(directory: string): Promise<FetchedProgram>;
}

export type FetchedProgram =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly detail: string };
