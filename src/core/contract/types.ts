import type { z } from 'zod';
import type { Contract } from './contract.ts';
import type { Call, Event } from './declare.ts';

export type CallName = { [Name in keyof Contract]: Contract[Name] extends Call ? Name : never }[keyof Contract];
export type EventName = { [Name in keyof Contract]: Contract[Name] extends Event ? Name : never }[keyof Contract];

/** What a caller gives (before defaults). */
export type Input<Name extends CallName> = z.input<Contract[Name]['input']>;
/** What a handler gets (after parsing). */
export type Parsed<Name extends CallName> = z.output<Contract[Name]['input']>;
export type Output<Name extends CallName> = z.output<Contract[Name]['output']>;
export type Payload<Name extends EventName> = z.output<Contract[Name]['payload']>;
