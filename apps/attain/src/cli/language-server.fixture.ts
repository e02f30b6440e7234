import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../journeys/booted.fixture.js';

interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
}

/** The language server of VS Code's YAML extension, which has opened a folder with its settings, as the editor does. */
export class LanguageServer {
  private readonly answers = new Map<number, (result: unknown) => void>();
  private readonly problems = new Map<string, (messages: string[]) => void>();
  private received = Buffer.alloc(0);
  private last = 0;

  private constructor(
    private readonly server: ChildProcess,
    private readonly folder: string,
    private readonly settings: Record<string, unknown>,
  ) {
    server.stdout!.on('data', (bytes: Buffer) => this.receive(bytes));
  }

  static async open(folder: string): Promise<LanguageServer> {
    const settings = JSON.parse(await readFile(join(folder, '.vscode/settings.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const file = join(root, 'node_modules/yaml-language-server/bin/yaml-language-server');
    const server = new LanguageServer(
      spawn(process.execPath, [file, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] }),
      folder,
      settings,
    );
    const uri = pathToFileURL(folder).href;
    const capabilities = {
      workspace: { configuration: true, workspaceFolders: true },
      textDocument: {
        hover: { contentFormat: ['plaintext'] },
        completion: { completionItem: { documentationFormat: ['plaintext'] } },
      },
    };
    await server.ask('initialize', {
      processId: process.pid,
      rootUri: uri,
      rootPath: folder,
      workspaceFolders: [{ uri, name: 'company' }],
      capabilities,
    });
    server.send({ method: 'initialized', params: {} });
    server.send({ method: 'workspace/didChangeConfiguration', params: { settings: { yaml: server.section('yaml') } } });
    return server;
  }

  /** Opens a file and resolves with the editor's marks in it. */
  openFile(file: string, text: string): Promise<string[]> {
    const uri = this.uri(file);
    const marked = new Promise<string[]>((resolve) => this.problems.set(uri, resolve));
    this.send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
    });
    return marked;
  }

  async hover(file: string, line: number, character: number): Promise<string> {
    const found = (await this.ask('textDocument/hover', {
      textDocument: { uri: this.uri(file) },
      position: { line, character },
    })) as { contents: { value: string } } | null;
    return found?.contents.value ?? '';
  }

  async completion(file: string, line: number, character: number): Promise<{ label: string; documentation: string }[]> {
    const found = (await this.ask('textDocument/completion', {
      textDocument: { uri: this.uri(file) },
      position: { line, character },
    })) as { items: { label: string; documentation?: string | { value: string } }[] };
    return found.items.map(({ label, documentation = '' }) => ({
      label,
      documentation: typeof documentation === 'string' ? documentation : documentation.value,
    }));
  }

  async close(): Promise<void> {
    await this.ask('shutdown', null);
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.send({ method: 'exit' });
    await ended;
  }

  private uri(file: string): string {
    return pathToFileURL(join(this.folder, file)).href;
  }

  private ask(method: string, params: unknown): Promise<unknown> {
    const id = (this.last += 1);
    const answered = new Promise((resolve) => this.answers.set(id, resolve));
    this.send({ id, method, params });
    return answered;
  }

  private send(message: Message): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.server.stdin!.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  private receive(bytes: Buffer): void {
    this.received = Buffer.concat([this.received, bytes]);
    for (;;) {
      const end = this.received.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/.exec(this.received.subarray(0, Math.max(end, 0)).toString())?.[1] ?? NaN,
      );
      if (end < 0 || !(this.received.length >= end + 4 + length)) return;
      const message = JSON.parse(this.received.subarray(end + 4, end + 4 + length).toString()) as Message;
      this.received = this.received.subarray(end + 4 + length);
      this.take(message);
    }
  }

  private take({ id, method, params, result }: Message): void {
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: { message: string }[] };
      this.problems.get(uri)?.(diagnostics.map(({ message }) => message));
    } else if (method === 'workspace/configuration') {
      const { items } = params as { items: { section: string }[] };
      this.send({ id: id!, result: items.map(({ section }) => this.section(section)) });
    } else if (method !== undefined && id !== undefined) this.send({ id, result: null });
    else if (id !== undefined) this.answers.get(id)?.(result);
  }

  /** `yaml.schemas` of the settings as the section `yaml` holds it. */
  private section(section: string): Record<string, unknown> {
    const inside = Object.entries(this.settings).filter(([key]) => key.startsWith(`${section}.`));
    return Object.fromEntries(inside.map(([key, value]) => [key.slice(section.length + 1), value]));
  }
}
