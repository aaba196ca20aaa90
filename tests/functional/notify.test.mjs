// aitbc notify against a real chain and a web server that plays Slack and Discord: filters, retries, kill -9.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:https';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { JsonRpcProvider, Wallet, Contract, NonceManager, parseEther } from 'ethers';
import { Devnet, binaries, keys, marketplace, waitFor } from './lib/devnet.mjs';
import { Cli, makeCertificate } from './lib/provider.mjs';

const abi = JSON.parse(readFileSync(path.join(process.env.AITBC_SOURCE, 'docs/abi/IMarketplace.json'), 'utf8'));

let net, cli, server, ethers, market, config;
const posts = { slack: [], discord: [] };
const answers = { slack: [], discord: [] };  // statuses to give, in order; none left: 200
before(async () => {
  net = await Devnet.start({ periodMs: 200 });
  cli = new Cli(net.folder, net.url);
  const tls = makeCertificate(net.folder);
  server = createServer({ key: readFileSync(tls.key), cert: readFileSync(tls.certificate) }, (request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      const service = request.url.slice(1).split('/')[0];
      const status = answers[service].shift() ?? 200;
      if (status === 200) posts[service].push(JSON.parse(body));
      response.writeHead(status).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `https://127.0.0.1:${server.address().port}`;
  config = path.join(net.folder, 'notify.toml');
  writeFileSync(config, `
[notify]
state-folder = "notify-state"
from-block = 0
poll-interval = 0.1
link = "https://explorer.example/tx/{tx}"
ca-file = "${tls.certificate}"
[[channel]]
name = "ops"
type = "slack"
url = "${base}/slack/very-secret"
[[channel]]
name = "big"
type = "discord"
url-env = "DISCORD_WEBHOOK"
events = ["Staked"]
min-amount = "50"
`, { mode: 0o600 });
  cli.environment.DISCORD_WEBHOOK = `${base}/discord/very-secret`;
  ethers = new JsonRpcProvider(net.url, undefined, { pollingInterval: 50, cacheTimeout: -1 });
  market = new Contract(marketplace, abi, new NonceManager(new Wallet(keys[0], ethers)));
  await (await market.registerProvider('Nordic GPUs', 'eu', 'https://gpus.example')).wait();
});
after(async () => {
  server?.close();
  ethers?.destroy();
  await net?.stop();
});

function start() {
  const child = spawn(path.join(binaries, 'aitbc'), ['notify', '--config', config, '--log', 'json'],
    { env: cli.environment, stdio: ['ignore', 'ignore', 'pipe'] });
  child.log = '';
  child.stderr.on('data', (chunk) => { child.log += chunk; });
  child.exited = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  return child;
}
const stake = async (ait) => (await market.stake(await market.runner.getAddress(), parseEther(ait))).wait();

test('what was there and what comes is posted once, each channel by its filter', async () => {
  await stake('10');
  answers.slack = [500, 429];
  const notifier = start();
  await waitFor('Slack', () => posts.slack.length >= 2, 30_000);
  await stake('60');
  await waitFor('both', () => posts.slack.length >= 3 && posts.discord.length >= 1, 30_000);
  assert.match(posts.slack[0].text, /^A provider is known to the market/);
  assert.match(posts.slack[0].blocks[0].text.text, /\*Name:\* Nordic GPUs/);
  assert.match(posts.slack[0].blocks[1].elements[0].url, /^https:\/\/explorer\.example\/tx\/0x[0-9a-f]{64}$/);
  assert.equal(posts.discord.length, 1);
  assert.equal(posts.discord[0].embeds[0].fields.find((field) => field.name === 'Amount').value, '60 AIT');
  notifier.kill('SIGTERM');
  assert.equal(await notifier.exited, 0);
  assert.ok(!notifier.log.includes('very-secret'));
});

test('killed with kill -9 over and over, nothing is posted twice and the order holds', { timeout: 120_000 }, async () => {
  posts.slack.length = 0;
  const amounts = [];
  for (let round = 0; round < 6; ++round) {
    const notifier = start();
    for (let i = 0; i < 3; ++i) {
      const amount = 1 + round * 3 + i;
      amounts.push(amount);
      await stake(String(amount));
    }
    notifier.kill('SIGKILL');
    await notifier.exited;
  }
  const last = start();
  await stake('99');
  await waitFor('the last one', () => posts.slack.some((post) => JSON.stringify(post).includes('99 AIT')), 30_000);
  last.kill('SIGTERM');
  await last.exited;
  const seen = posts.slack.map((post) => Number(/\*Amount:\* (\d+) AIT/.exec(post.blocks[0].text.text)[1]));
  assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => a - b), 'in order, none twice');
  // A kill in the moment of posting loses at most that one event.
  assert.ok(seen.length >= amounts.length + 1 - 6, `${seen.length} of ${amounts.length + 1}`);
});

test('a distrusted certificate, wrong settings and a folder in use', async () => {
  const expect = (text, status, message) => {
    const file = path.join(net.folder, 'wrong.toml');
    writeFileSync(file, text, { mode: 0o600 });
    const done = cli.run('notify', '--once', '--config', file);
    assert.equal(done.status, status, done.stderr);
    assert.match(done.stderr, message);
    assert.ok(!done.stderr.includes('very-secret'));
  };
  const good = readFileSync(config, 'utf8');
  expect(good.replace('type = "slack"', 'type = "irc"'), 2, /wrong\.toml:10: channel\[0\]\.type: takes "slack" or "discord"/);
  expect(good.replace('"Staked"', '"Stakd"'), 2, /no event 'Stakd'/);
  expect(good.replace('url = "https', 'url = "http'), 2, /must start with https/);
  expect(good.replace('DISCORD_WEBHOOK', 'NOWHERE'), 2, /the variable NOWHERE is not set/);
  const running = start();
  await waitFor('the start', () => running.log.includes('following'));
  const second = cli.run('notify', '--once', '--config', config);
  assert.equal(second.status, 1);
  assert.match(second.stderr, /another aitbc notify/);
  running.kill('SIGTERM');
  await running.exited;
  await stake('7');
  // Not with a command that blocks: the web server is in this process.
  writeFileSync(config, good.replace(/ca-file = .*\n/, ''));
  const distrusting = start();
  await waitFor('the refusal', () => distrusting.log.includes('certificate was refused'), 30_000);
  distrusting.kill('SIGTERM');
  assert.equal(await distrusting.exited, 0);
});
