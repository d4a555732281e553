// Run inside the walls by hostile.test.ts: tries to reach what it must not, and writes what came of each attempt.
import { execFileSync, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';

const goals = JSON.parse(fs.readFileSync('goals.json', 'utf8'));
const found = {};
const attempt = async (name, act) => {
  try {
    const got = await act();
    found[name] = got === undefined || got === null ? 'nothing' : `REACHED ${String(got).slice(0, 300)}`;
  } catch (cause) {
    found[name] = `refused: ${cause.code ?? cause.message}`.slice(0, 300);
  }
};
const connect = (where) => new Promise((resolve, reject) => {
  const socket = net.connect(where);
  socket.setTimeout(2000, () => reject(new Error('no answer')));
  socket.once('connect', () => resolve('connected'));
  socket.once('error', reject);
});
const listed = (path) => { const names = fs.readdirSync(path); return names.length === 0 ? null : names.join(','); };

for (const [name, path] of Object.entries(goals.files)) await attempt(`read ${name}`, () => fs.readFileSync(path, 'utf8'));
for (const [name, path] of Object.entries(goals.folders)) await attempt(`list ${name}`, () => listed(path));
for (const [name, path] of Object.entries(goals.sockets)) await attempt(`socket ${name}`, () => connect(path));
await attempt('abstract socket', () => connect(`\0${goals.abstract}`));
await attempt('tcp', () => connect({ host: '127.0.0.1', port: goals.tcp }));
await attempt('tcp6', () => connect({ host: '::1', port: goals.tcp }));
await attempt('internet', () => connect({ host: '1.1.1.1', port: 53 }));
await attempt('udp to the outside', () => new Promise((resolve, reject) => {
  const socket = dgram.createSocket('udp4');
  socket.once('error', reject);
  socket.send('hello', 53, '1.1.1.1', (error) => { socket.close(); if (error) reject(error); else resolve('sent'); });
}));
// What the test listens on must hear nothing; sending to one's own loopback is no reach by itself.
await new Promise((resolve) => { const socket = dgram.createSocket('udp4'); socket.send('hello', goals.udp, '127.0.0.1', () => { socket.close(); resolve(); }); });
await attempt('secret of the environment', () => (JSON.stringify(process.env).includes(goals.secret) ? 'environment' : null));
await attempt('secret of any process', () => {
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try { if (fs.readFileSync(`/proc/${pid}/environ`, 'utf8').includes(goals.secret)) return `/proc/${pid}/environ`; } catch { /* not ours */ }
  }
  return null;
});
await attempt('processes of the machine', () => { const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)); return pids.length > 20 ? pids.length : null; });
await attempt('kill the console', () => { process.kill(goals.pid, 0); const line = fs.readFileSync(`/proc/${goals.pid}/cmdline`, 'utf8'); return line.includes('vitest') ? line : null; });
if (!goals.control) for (const path of ['/usr/countersign-was-here', '/etc/countersign-was-here', '/countersign-was-here', '/dev/countersign-was-here', '/opt/countersign/node', '/proc/sys/kernel/hostname', '/etc/passwd']) {
  await attempt(`write ${path}`, () => { fs.writeFileSync(path, 'x'); return 'written'; });
}
if (!goals.control) fs.writeFileSync(`/tmp/${goals.mark}`, 'only in here');
await attempt('gpg', () => execFileSync('gpg', ['--homedir', goals.folders['GNUPGHOME'], '--batch', '--list-secret-keys'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }) || null);
await attempt('sign', () => execFileSync('gpg', ['--batch', '--yes', '--local-user', goals.key, '--detach-sign', '--output', '-', 'goals.json'], { stdio: ['ignore', 'pipe', 'ignore'] }));
if (!goals.control) await attempt('become root', () => { process.setuid(0); return 'root'; });
if (!goals.control) await attempt('su', () => execFileSync('su', ['-c', 'id', 'root'], { stdio: ['ignore', 'pipe', 'ignore'], timeout: 3000 }));
await attempt('a user namespace', () => execFileSync('unshare', ['--user', '--map-root-user', 'id'], { stdio: ['ignore', 'pipe', 'ignore'] }));
if (!goals.control) await attempt('a mount', () => execFileSync('mount', ['-t', 'tmpfs', 'none', '/tmp'], { stdio: ['ignore', 'pipe', 'ignore'] }) && 'mounted');
await attempt('devices', () => { const odd = fs.readdirSync('/dev').filter((name) => !/^(?:console|core|fd|full|null|ptmx|pts|random|shm|stderr|stdin|stdout|tty|urandom|zero)$/.test(name)); return odd.length === 0 ? null : odd.join(','); });
await attempt('/sys', () => listed('/sys'));
await attempt('descriptors of the console', () => execFileSync('/bin/sh', ['-c', 'for f in /proc/self/fd/*; do readlink $f; done'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n').filter((link) => /genesis|\.key|vitest|socket:/.test(link)).join(',') || null);
if (process.arch === 'x64') {
  const call = (numbers) => execFileSync('perl', ['-e', `my $r = syscall(${numbers.join(',')}); print $r < 0 ? "" : "REACHED $r"`], { encoding: 'utf8' }) || null;
  await attempt('the session key ring', () => call([250, 0, -3, 0]));
  await attempt('a socket to the host of this machine', () => call([41, 40, 1, 0]));
  await attempt('an encryption socket', () => call([41, 38, 5, 0]));
  await attempt('io_uring', () => call([425, 4, 0]));
  await attempt('bpf', () => call([321, 0, 0, 0]));
  await attempt('calls of the x32 interface', () => call([0x40000000 + 39]));
}
found.user = `${os.userInfo().uid} ${os.userInfo().username}`;
fs.writeFileSync('attempts.json', JSON.stringify(found, null, 1));

if (goals.control) process.exit(0);
// Would outlive the run: a session of its own, its outputs let go.
spawn('sh', ['-c', `trap '' TERM HUP INT; while :; do sleep 0.2; : ${goals.mark}; done`], { detached: true, stdio: 'ignore' }).unref();
