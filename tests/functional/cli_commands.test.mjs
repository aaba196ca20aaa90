// Every command of the command line: succeeds once, and refuses what makes no sense with one sentence and the documented status.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync, readSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { Wallet } from 'ethers';
import { binaries, keys, marketplace, waitFor } from './lib/devnet.mjs';
import { Story } from './lib/cli_story.mjs';
import { BadValues } from './lib/cli_bad_values.mjs';

const abi = JSON.parse(readFileSync(path.join(process.env.AITBC_SOURCE, 'docs/abi/IMarketplace.json'), 'utf8'));

let story;
before(async () => { story = await Story.begin(); });
after(async () => { await story?.end(); });

const addresses = {};
const wallets = ['gov', 'provider', 'customer', 'coordinator', 'rich', 'pauper'];
// What would show that a refused command did something: the transactions of the wallets, in blocks or waiting.
const nonces = async () => JSON.stringify(await Promise.all(wallets.map((name) =>
  story.net.rpc('eth_getTransactionCount', addresses[name], 'pending'))));

// Runs each of the calls, and collects what is not as `check` expects; nothing may have changed on the chain.
async function refuses(calls, check) {
  const before = await nonces();
  const problems = [];
  const queue = [...calls];
  const worker = async () => {
    for (let call = queue.shift(); call; call = queue.shift()) {
      const done = await story.cli.start(call.words, call.environment);
      // What is to be signed is shown first.
      const lines = done.err.trimEnd().split('\n').slice(/^sign/.test(call.words[0]) ? -1 : 0);
      const problem = done.signal ? `killed by ${done.signal}`
        : lines.length !== 1 || !/^error: \S/.test(lines[0]) ? 'not one sentence'
          : check(call, done, lines[0]);
      if (problem) problems.push(`${problem}: aitbc ${call.words.map((word) => (word.length > 80 ? `${word.slice(0, 80)}...` : JSON.stringify(word))).join(' ')}\n  [${done.status}] ${done.out.slice(0, 300)}${done.err.slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: 3 }, worker));
  assert.equal(problems.length, 0, `${problems.length} of ${calls.length}:\n${problems.join('\n')}`);
  assert.equal(await nonces(), before, 'a refused command sent something');
}

test('every command succeeds', { timeout: 180_000 }, async () => {
  await story.tell();
  for (const name of wallets) addresses[name] = story.address(name);
  const missing = story.commands.map((each) => each.command).filter((command) => !story.examples.has(command));
  assert.deepEqual(missing, [], 'commands without an example');
  // A shell script, and a program whose work is elsewhere.
  assert.deepEqual([...story.plain].sort(), ['completion', 'notify'], 'commands that do not answer in JSON when asked to');
});

test('every flag and value that makes no sense is refused', { timeout: 300_000 }, async () => {
  const calls = [], values = new BadValues();
  for (const { command, options } of story.commands)
    for (const option of options)
      for (const bad of values.of(command, option))
        calls.push({ words: story.exampleWith(command, option, bad.value), option, ...bad });
  assert.ok(calls.length > 1000, `${calls.length} calls`);
  await refuses(calls, (call, done, sentence) => {
    if (!call.statuses.includes(done.status)) return `status ${done.status} instead of ${call.statuses}`;
    const isNamed = sentence.includes(call.option.name) || (call.value !== '' && sentence.includes(call.value));
    if (!isNamed && !call.unnamed) return 'does not say what is wrong';
    return null;
  });
});

test('options of the program itself', async () => {
  const send = ['send', '--from', 'rich', '--to', 'gov', '--amount', '1'];
  const refused = (status, ...words) => ({ status, words });
  await refuses([
    refused(2, '--timeout', 'nan', 'chain'), refused(2, '--timeout', '0', 'chain'), refused(2, '--timeout', '99999', 'chain'),
    refused(2, '--format', 'xml', 'chain'), refused(2, '--rpc-url', 'nonsense', 'chain'), refused(2, '--rpc-url', '', 'chain'),
    refused(2, '--wallet-dir', '', 'list'), refused(1, '--wallet-dir', '/dev/null/none', ...send),
    refused(5, '--wallet-dir', '/dev/null/none', 'create', '--name', 'x', '--unlocked'),
    refused(5, '--password-file', '/dev/null/none', ...send), refused(2, '--password-file', story.file('password', 'a'), '--password', 'a', ...send),
    refused(4, '--password-file', story.file('password', 'a'), ...send), refused(2), refused(2, 'nonsense'), refused(2, '--nonsense'),
  ], (call, done) => (done.status === call.status ? null : `status instead of ${call.status}`));
});

// Commands that ask no node, or go on without one.
const local = /^(create|import|list|man|completion|sign typed-data|resource test|provider .*|notify|auction reveal)$/;

test('a node that is away is said to be', { timeout: 120_000 }, async () => {
  const calls = story.commands.filter(({ command }) => !local.test(command))
    .map(({ command }) => ({ words: ['--rpc-url', 'http://127.0.0.1:9', ...story.examples.get(command)] }));
  assert.ok(calls.length > 100);
  await refuses(calls, (call, done, sentence) =>
    (done.status !== 3 ? `status ${done.status}` : !/--rpc-url|address/.test(sentence) ? 'does not say what to do' : null));
});

// The example with another wallet in the place of its own.
function actingAs(wallet, command) {
  const words = [...story.examples.get(command)];
  const at = Math.max(words.indexOf('--wallet'), words.indexOf('--from'));
  if (at < 0) return null;
  words[at + 1] = wallet;
  return words;
}
const spends = ({ options }) => options.some((option) => option.name === '--max-fee');

test('a wrong password and an empty account are refused', { timeout: 120_000 }, async () => {
  const spending = story.commands.filter(spends).map(({ command }) => command);
  assert.ok(spending.length > 45);
  const sentences = [];
  const note = (call, done, sentence) => { sentences.push(sentence); return null; };
  const wrong = spending.map((command) => ({ words: actingAs('rich', command), environment: { AITBC_PASSWORD: 'wrong' } }));
  await refuses(wrong, (call, done, sentence) => {
    if (/password is wrong/.test(sentence)) return done.status === 4 ? note(call, done, sentence) : `status ${done.status}`;
    return done.status === 1 ? null : `status ${done.status}`;  // what the command needs first was not there
  });
  assert.ok(sentences.length > 35, `${sentences.length} came as far as the password`);
  const poor = spending.map((command) => ({ words: actingAs('pauper', command) }));
  await refuses(poor, (call, done) => (done.status === 1 ? null : `status ${done.status}`));
});

test('a signature for another chain, and one that has run out, are refused', async () => {
  const file = story.file('late.json');
  story.does(`signed-order booking --wallet customer --gpu ${story.second} --price 8 --hours 0.01 --valid-hours 0.0003 --output ${file}`);
  const { order } = JSON.parse(readFileSync(file, 'utf8'));
  await waitFor('its end', () => Date.now() / 1000 > order.expiry + 2);
  await refuses([{ words: ['signed-order', 'fill', file, '--wallet', 'gov'] }],
    (call, done, sentence) => (done.status === 1 && /OrderExpired/.test(sentence) ? null : 'wrong answer'));

  const good = story.file('good.json');
  story.does(`signed-order booking --wallet customer --gpu ${story.second} --price 8 --hours 0.01 --output ${good}`);
  const document = JSON.parse(readFileSync(good, 'utf8'));
  const types = { BookingOrder: abi.find((each) => each.name === 'fillBookingOrder').inputs[0].components.map(({ name, type }) => ({ name, type })) };
  document.signature = await new Wallet(keys[2]).signTypedData(
    { name: 'AITBC Marketplace', version: '1', chainId: 1, verifyingContract: marketplace }, types, document.order);
  await refuses([{ words: ['signed-order', 'fill', story.file('other-chain.json', JSON.stringify(document)), '--wallet', 'gov'] }],
    (call, done, sentence) => (done.status === 1 && /WrongSigner/.test(sentence) ? null : 'wrong answer'));
});

test('files of keys are their owner\'s alone, and a damaged one is not a wrong password', async () => {
  const folder = story.cli.folder;
  for (const name of readdirSync(folder)) assert.equal(statSync(path.join(folder, name)).mode & 0o077, 0, name);
  const file = path.join(folder, readdirSync(folder).find((name) => name.includes('rich')));
  const whole = readFileSync(file, 'utf8');
  const send = { words: ['send', '--from', 'rich', '--to', 'gov', '--amount', '1'] };
  writeFileSync(file, whole.replace(/("ciphertext":\s*")(.)/, (all, before, digit) => before + (digit === '0' ? '1' : '0')));
  await refuses([send], (call, done, sentence) => (done.status === 5 && !/password is wrong/.test(sentence) ? null : 'not called damaged'));
  writeFileSync(file, whole.slice(0, -20));
  await refuses([send], (call, done) => (done.status === 5 ? null : 'not called damaged'));
  writeFileSync(file, whole);
});

// How often a process has the text in memory that it may write; undefined when that changed while it was read.
function findInMemory(pid, text) {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  let found = 0;
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, first, end] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (!first) continue;
      const content = Buffer.alloc(parseInt(end, 16) - parseInt(first, 16));
      const size = readSync(memory, content, 0, content.length, parseInt(first, 16));
      for (let at = content.indexOf(text); at >= 0 && at < size; at = content.indexOf(text, at + 1)) ++found;
    }
  } catch (error) {
    if (error.code === 'EIO') return undefined;
    throw error;
  } finally {
    closeSync(memory);
  }
  return found;
}

test('what goes on forgets the password it was given', async () => {
  const { AITBC_PASSWORD: password, ...environment } = story.cli.environment;
  story.does(`import --name forgetful --light --private-key-file ${story.file('forgetful.key', keys[3])}`);
  const child = spawn(path.join(binaries, 'aitbc'), ['--password', password, 'coordinator', 'attest', '--wallet', 'forgetful',
    '--folder', story.file('forgetful'), '--follow'], { env: environment, stdio: 'ignore' });
  try {
    await waitFor('its start', () => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').includes('****'));
    await waitFor('its forgetting', () => findInMemory(child.pid, password) === 0);
    await waitFor('the search finding what is there', () => findInMemory(child.pid, 'forgetful') > 0);
    assert.equal(child.exitCode, null);
  } finally {
    child.kill('SIGKILL');
  }
});

test('a password given on the command line is hidden from the list of processes', async () => {
  // A node that never answers, and the right password: the command waits until it is killed.
  const password = story.cli.environment.AITBC_PASSWORD;
  const silent = createServer(() => {});
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const child = spawn(path.join(binaries, 'aitbc'), ['--rpc-url', `http://127.0.0.1:${silent.address().port}`, '--password', password,
    'send', '--from', 'rich', '--to', 'gov', '--amount', '1'], { env: story.cli.environment, stdio: 'ignore' });
  try {
    const commandLine = await waitFor('its overwriting', () => {
      const line = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
      return line.includes('****') && line;
    });
    assert.ok(!commandLine.includes(password) && commandLine.includes('--password'));
  } finally {
    child.kill('SIGKILL');
    silent.close();
  }
});
