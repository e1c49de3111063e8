/**
 * Cases in SQLite. A PIN is stored only as a salted scrypt hash. Withdrawing deletes the case; what
 * remains is the SHA-256 of its random attempt key, so that a late retry does not bring it back.
 */

import { createHash, randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";

import sqlite from "node-sqlite3-wasm";

import { RequestError } from "./validate.mjs";

const MAX_WRONG = 5;
const LOCKED_FOR = 15 * 60_000;
/** How long the key of an attempt is remembered after the case was withdrawn. */
const REMEMBERED = 30 * 24 * 3600_000;
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 << 20 };
/** Slow hashes at once; each takes 32 MB. */
const MAX_AT_ONCE = 4;

const SCHEMA = `
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS cases (
    number TEXT PRIMARY KEY, received_on TEXT NOT NULL, state TEXT NOT NULL,
    salt BLOB NOT NULL, pin BLOB NOT NULL, files TEXT NOT NULL, count INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS attempts (
    key TEXT PRIMARY KEY, number TEXT, forgotten_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS wrong_pins (
    number TEXT PRIMARY KEY, count INTEGER NOT NULL, until INTEGER NOT NULL
  ) STRICT;
`;

/** Used for unknown cases, so that they take as long as known ones. */
const NO_CASE = { salt: randomBytes(16), pin: randomBytes(32) };

export class Store {
  #database;
  #now;
  #hashing = 0;

  constructor({ path = ":memory:", now = Date.now } = {}) {
    this.#database = new sqlite.Database(path);
    this.#database.exec(SCHEMA);
    this.#now = now;
  }

  close() {
    this.#database.close();
  }

  /** Returns the case of an attempt, and whether it is new. */
  async submit({ key, pin, files }) {
    const attempt = createHash("sha256").update(key).digest("hex");
    const text = JSON.stringify(files);
    const before = this.#attempt(attempt);
    if (before) return { ...(await this.#repeated(before, pin, text)), isNew: false };
    const salt = randomBytes(16);
    const hash = await this.#slowHash(pin, salt);
    // The same attempt may have arrived twice at the same time.
    const other = this.#attempt(attempt);
    if (other) return { ...(await this.#repeated(other, pin, text)), isNew: false };
    const receivedOn = new Date(this.#now()).toISOString().slice(0, 10);
    const number = this.#newNumber();
    this.#together(() => {
      this.#run("INSERT INTO cases VALUES (?, ?, 'received', ?, ?, ?, ?)", [
        ...[number, receivedOn, salt, hash, text, files.length],
      ]);
      this.#run("INSERT INTO attempts VALUES (?, ?, NULL)", [attempt, number]);
    });
    return { number, state: "received", receivedOn, count: files.length, isNew: true };
  }

  async status({ number, pin }) {
    return statusOf(await this.#open(number, pin));
  }

  async withdraw({ number, pin }) {
    await this.#open(number, pin);
    this.#together(() => {
      this.#run("DELETE FROM cases WHERE number = ?", [number]);
      this.#run("UPDATE attempts SET number = NULL, forgotten_at = ? WHERE number = ?", [
        ...[this.#now() + REMEMBERED, number],
      ]);
      this.#run("DELETE FROM attempts WHERE forgotten_at < ?", [this.#now()]);
    });
  }

  /** Returns everything that is stored, for tests. */
  dump() {
    return ["cases", "attempts", "wrong_pins"].map((name) =>
      this.#database.all(`SELECT * FROM ${name}`),
    );
  }

  /** Marks a case as passed on. Only the operator may do this. */
  share(number) {
    this.#run("UPDATE cases SET state = 'shared' WHERE number = ?", [number]);
  }

  async #repeated({ number }, pin, text) {
    const row = number && this.#case(number);
    if (!row) throw new RequestError(410, "withdrawn", "the case was withdrawn");
    const isSame = await this.#isPin(row, pin);
    if (!isSame || row.files !== text) {
      throw new RequestError(409, "conflict", "the attempt was used for something else");
    }
    return { number, ...statusOf(row) };
  }

  /** Returns a case if the PIN is right. Cases that do not exist behave like others. */
  async #open(number, pin) {
    this.#checkLoad();
    // Counted before the slow hash, so that many guesses at once count as many.
    this.#countWrong(number);
    const row = this.#case(number);
    const isRight = (await this.#isPin(row ?? NO_CASE, pin)) && row;
    if (!isRight) {
      throw new RequestError(403, "wrong-pin", "there is no case with this number and PIN");
    }
    this.#run("DELETE FROM wrong_pins WHERE number = ?", [number]);
    // It may have been withdrawn meanwhile.
    if (!this.#case(number)) {
      throw new RequestError(403, "wrong-pin", "there is no case with this number and PIN");
    }
    return row;
  }

  #countWrong(number) {
    const now = this.#now();
    this.#run("DELETE FROM wrong_pins WHERE until <= ?", [now]);
    const row = this.#database.get("SELECT * FROM wrong_pins WHERE number = ?", [number]);
    if (row && row.count >= MAX_WRONG) {
      const seconds = Math.ceil((Number(row.until) - now) / 1000);
      throw new RequestError(429, "locked", "too many wrong PINs", seconds);
    }
    this.#run(
      `INSERT INTO wrong_pins VALUES (?, 1, ?)
       ON CONFLICT DO UPDATE SET count = count + 1, until = excluded.until`,
      [number, now + LOCKED_FOR],
    );
  }

  async #isPin({ salt, pin: stored }, pin) {
    return timingSafeEqual(await this.#slowHash(pin, salt), Buffer.from(stored));
  }

  async #slowHash(pin, salt) {
    this.#checkLoad();
    this.#hashing += 1;
    try {
      return await new Promise((resolve, reject) => {
        scrypt(pin, salt, 32, SCRYPT, (error, hash) => (error ? reject(error) : resolve(hash)));
      });
    } finally {
      this.#hashing -= 1;
    }
  }

  #checkLoad() {
    if (this.#hashing >= MAX_AT_ONCE) {
      throw new RequestError(503, "busy", "too many requests at once", 2);
    }
  }

  #newNumber() {
    for (;;) {
      const half = () => String(randomInt(1_000_000)).padStart(6, "0");
      const number = half() + half();
      if (!this.#case(number)) return number;
    }
  }

  #attempt(key) {
    return this.#database.get("SELECT * FROM attempts WHERE key = ?", [key]);
  }

  #case(number) {
    return this.#database.get("SELECT * FROM cases WHERE number = ?", [number]);
  }

  #run(sql, values) {
    this.#database.run(sql, values);
  }

  #together(work) {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function statusOf({ state, received_on: receivedOn, count }) {
  return { state, receivedOn, count: Number(count) };
}
