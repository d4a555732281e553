/** Words that nobody else may see, such as a passphrase: printing, logging or serialising it gives none of them. */
export class Secret {
  readonly #words: string;

  constructor(words: string) {
    this.#words = words;
  }

  /** The words themselves, for as long as an operation lasts. */
  reveal(): string {
    return this.#words;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }
}
