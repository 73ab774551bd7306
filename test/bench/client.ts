import type { AnswerOf, BodyOf } from '../../shared/api.ts';
import type { Run } from '../../shared/run.ts';

export type SamplePerson = 'manager' | 'marketer' | 'analyst';

/** Calls the API as the pane does. Checks no shapes: that would be measured too. */
export class Client {
  readonly address: string;
  readonly token: string;

  private constructor(address: string, token: string) {
    this.address = address;
    this.token = token;
  }

  static async signIn(address: string, person: SamplePerson): Promise<Client> {
    const answer = await new Client(address, '').call<AnswerOf<'signIn'>>('POST', '/api/session', { demo: person });
    return new Client(address, answer.token);
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.address}${path}`, {
      method,
      headers: { ...(this.token === '' ? {} : { Authorization: `Bearer ${this.token}` }), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await this.#ask(method, path, body)).json() as Promise<T>;
  }

  /** Runs a task and follows its events to the end, as the pane does. Throws when it did not succeed. */
  async run(task: string, values: BodyOf<'submit'>['values']): Promise<Run> {
    const { run } = await this.call<AnswerOf<'submit'>>('POST', `/api/tasks/${task}/runs`, { values });
    const ended = await this.#followed(run);
    if (ended.status.state !== 'succeeded') throw new Error(`The run of ${task} ended as ${JSON.stringify(ended.status)}`);
    return ended;
  }

  async #followed(run: Run): Promise<Run> {
    const events = await this.#ask('GET', `/api/runs/${run.id}/events`);
    let last = run;
    let pending = '';
    const decoder = new TextDecoder();
    for await (const bytes of events.body as AsyncIterable<Uint8Array> | null ?? []) {
      const messages = (pending + decoder.decode(bytes, { stream: true })).split('\n\n');
      pending = messages.pop() ?? '';
      for (const message of messages) if (message.startsWith('data: ')) last = (JSON.parse(message.slice(6)) as { run: Run }).run;
    }
    return last;
  }

  async firstPage(runId: string): Promise<AnswerOf<'rows'>> {
    return this.call('GET', `/api/runs/${runId}/rows`);
  }
}
