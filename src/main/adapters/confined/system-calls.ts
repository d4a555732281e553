import { AppError } from '../../../core/model/errors.ts';

/**
 * The filter of system calls that a confined command runs under, for what namespaces do not part: the kernel's key
 * rings, sockets to the host of a virtual machine, io_uring, BPF, and making namespaces or mounts of one's own.
 */
interface Numbers {
  readonly architecture: number;
  readonly socket: number;
  readonly refused: readonly number[];
}

// Linux's own numbers: include/uapi/linux/audit.h, arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h.
const NEW_MOUNTS = [428, 429, 430, 431, 432, 433, 442];
const IO_URING = [425, 426, 427];
const MACHINES: Readonly<Partial<Record<string, Numbers>>> = {
  x64: {
    architecture: 0xc000003e,
    socket: 41,
    refused: [
      248, 249, 250, // add_key, request_key, keyctl
      155, 165, 166, 272, 308, // pivot_root, mount, umount2, unshare, setns
      298, 321, 323, // perf_event_open, bpf, userfaultfd
      175, 313, 176, 246, 320, 169, // modules, kexec, reboot
      163, 167, 168, 179, 303, 304, // acct, swapon, swapoff, quotactl, file handles
      ...NEW_MOUNTS, ...IO_URING,
    ],
  },
  arm64: {
    architecture: 0xc00000b7,
    socket: 198,
    refused: [
      217, 218, 219,
      41, 40, 39, 97, 268,
      241, 280, 282,
      105, 273, 106, 104, 294, 142,
      89, 224, 225, 60, 264, 265,
      ...NEW_MOUNTS, ...IO_URING,
    ],
  },
};

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: each parted by the network namespace. AF_VSOCK and AF_ALG, among others, are not. */
const FAMILIES = [1, 2, 10, 16];

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const ERRNO = 0x00050000;
const EPERM = 1;
const EAFNOSUPPORT = 97;
/** Where `struct seccomp_data` holds the number, the architecture, and the first argument. */
const NUMBER_AT = 0;
const ARCHITECTURE_AT = 4;
const FIRST_ARGUMENT_AT = 16;
/** On x64 from here on, numbers are of the x32 interface: the same calls by other names. */
const X32 = 0x40000000;

/** A classic BPF program as `bwrap --seccomp` reads it. Errors: `environment` on a machine whose numbers are not listed. */
export function systemCallFilter(machine: string = process.arch): Buffer {
  const numbers = MACHINES[machine];
  if (numbers === undefined) {
    throw new AppError('environment', `Commands cannot be confined on ${machine}: its system calls are not listed.`, { hint: 'Run the command in CI, and put its reports in the outputs folder.', details: { machine } });
  }
  // A jump can skip 255 instructions at most; each refusal therefore stands right behind its question.
  const program: [code: number, ifTrue: number, ifFalse: number, value: number][] = [
    [LOAD, 0, 0, ARCHITECTURE_AT],
    [JUMP_EQUAL, 1, 0, numbers.architecture],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, NUMBER_AT],
    [JUMP_AT_LEAST, 0, 1, X32],
    [RETURN, 0, 0, ERRNO | EPERM],
  ];
  for (const number of numbers.refused) program.push([JUMP_EQUAL, 0, 1, number], [RETURN, 0, 0, ERRNO | EPERM]);
  program.push([JUMP_EQUAL, 1, 0, numbers.socket], [RETURN, 0, 0, ALLOW], [LOAD, 0, 0, FIRST_ARGUMENT_AT]);
  for (const family of FAMILIES) program.push([JUMP_EQUAL, 0, 1, family], [RETURN, 0, 0, ALLOW]);
  program.push([RETURN, 0, 0, ERRNO | EAFNOSUPPORT]);

  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  }
  return bytes;
}
