// A how-to in plain text: its command blocks, and a shell that runs them and remembers every call of a program.
import { mkdirSync, readFileSync, readdirSync, writeFileSync, chmodSync } from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';

const startsCommand = /^(#|\.\/|cd |for |done\b|wait\b|time |while |echo |[A-Z_]+=)/;

// Blocks of consecutive command lines, with the heading that they stand under.
export function commandBlocks(text) {
  const blocks = [];
  let heading = '', block = null;
  for (const line of text.split('\n')) {
    const belongs = startsCommand.test(line) || (block && (line === '' || /^\s/.test(line)));
    if (!belongs) {
      if (line.trim() !== '') heading = line;
      block = null;
    } else if (block) {
      block.text += `${line}\n`;
    } else {
      blocks.push(block = { heading, text: `${line}\n` });
    }
  }
  return blocks;
}

// Stands where the document has its program, notes each call, and passes it on.
const wrapper = (program, records) => `#!/bin/bash
words=("$@")
for i in "\${!words[@]}"; do
  [ -n "$SHORT_SECONDS" ] && [ "\${words[$i]}" = 300 ] && [ "\${words[$((i - 1))]}" = --duration ] && words[$i]=$SHORT_SECONDS
done
record=$(mktemp '${records}/XXXXXXXX'); start=$EPOCHREALTIME
'${program}' "\${words[@]}" > "$record.out" 2> "$record.err"
status=$?
printf '%s\\0' "$start" "$EPOCHREALTIME" "$status" "$BLOCK" "$@" > "$record.call"
cat "$record.out"; cat "$record.err" >&2
exit $status
`;

export class DocumentShell {
  // home: a folder that stands for the document's; program: what ./NAME runs
  constructor(home, name, program, environment) {
    this.home = home;
    this.records = path.join(home, 'records');
    mkdirSync(this.records, { recursive: true });
    mkdirSync(path.join(home, 'venv', 'bin'), { recursive: true });
    mkdirSync(path.join(home, 'log'), { recursive: true });
    writeFileSync(path.join(home, 'venv', 'bin', 'activate'), '');
    writeFileSync(path.join(home, name), wrapper(program, this.records));
    chmodSync(path.join(home, name), 0o755);
    // A script that repeats for ever ends where it would begin to wait.
    writeFileSync(path.join(home, 'once'), 'sleep() { exit 0; }\n');
    this.environment = { ...process.env, ...environment };
  }

  // Runs all blocks in one shell, scripts (#!) as files of their own. Answers its output and exit status.
  async run(blocks) {
    const lines = ['cd "$DOCUMENT_HOME"'];
    blocks.forEach((block, index) => {
      const isScript = block.text.startsWith('#!');
      const file = isScript ? /^# (\S+)$/m.exec(block.text)[1] : `block_${index}.sh`;
      writeFileSync(path.join(this.home, file), block.text);
      lines.push(`export BLOCK=${index}`);
      lines.push(isScript ? `BASH_ENV=./once bash ./${file}` : `. ./${file}`);
    });
    const shell = spawn('bash', ['-c', lines.join('\n')], {
      env: { ...this.environment, DOCUMENT_HOME: this.home }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk) => { output += chunk; });
    const status = await new Promise((resolve) => shell.on('close', resolve));
    return { output, status };
  }

  // Every call of the program, in order of their starts.
  calls() {
    const calls = readdirSync(this.records).filter((name) => name.endsWith('.call')).map((name) => {
      const file = path.join(this.records, name.slice(0, -'.call'.length));
      const [start, end, status, block, ...words] = readFileSync(`${file}.call`, 'utf8').split('\0').slice(0, -1);
      return {
        block: Number(block), words, line: words.join(' '), status: Number(status), started: Number(start),
        ms: (Number(end) - Number(start)) * 1000,
        out: readFileSync(`${file}.out`, 'utf8'), err: readFileSync(`${file}.err`, 'utf8'),
      };
    });
    return calls.sort((a, b) => a.started - b.started);
  }
}
