import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { operations, type AnswerOf, type BodyOf, type Operation, type OperationName, type QueryOf } from '../shared/api.ts';
import type { ProblemAnswer } from '../shared/problem.ts';

type Described = { paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>>; components: { schemas: Record<string, object> } };

/** An answer that is not as OpenAPI says fails the test at once. */
export class ApiClient {
  readonly #address: string;
  #token: string | undefined;
  #described: Promise<Described> | undefined;

  constructor(address: string, token?: string) {
    this.#address = address;
    this.#token = token;
  }

  withToken(token: string | undefined): ApiClient {
    return new ApiClient(this.#address, token);
  }

  get token(): string | undefined {
    return this.#token;
  }

  get address(): string {
    return this.#address;
  }

  async signInAs(demo: 'manager' | 'marketer' | 'analyst' | 'operator'): Promise<ApiClient> {
    return this.withToken((await this.call('signIn', { body: { demo } })).token);
  }

  async #openApi(): Promise<Described> {
    this.#described ??= fetch(`${this.#address}/api/openapi.json`).then((response) => response.json() as Promise<Described>);
    return this.#described;
  }

  async #validate(name: OperationName, status: number, type: string, answer: unknown): Promise<void> {
    const operation: Operation = operations[name];
    const described = await this.#openApi();
    const responses = described.paths[operation.path.replace(/:(\w+)/g, '{$1}')]?.[operation.method]?.responses;
    const content = (responses?.[String(status)] ?? responses?.['default'])?.content;
    if (content === undefined) {
      if (answer !== undefined) throw new Error(`${name}: ${status} answers with a body that OpenAPI does not describe`);
      return;
    }
    const schema = content[type]?.schema;
    if (schema === undefined) throw new Error(`${name}: ${status} answers as ${type}, OpenAPI says ${Object.keys(content).join(', ')}`);
    const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
    const validate = ajv.compile({ ...schema, components: described.components });
    if (!validate(answer)) throw new Error(`${name}: the answer is not as OpenAPI says: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(answer).slice(0, 500)}`);
  }

  /** The bare answer, validated whatever its status. */
  async raw(name: OperationName, input: { params?: Record<string, string>; body?: unknown; query?: Record<string, string | number | undefined>; headers?: Record<string, string> } = {}): Promise<{ status: number; answer: unknown; headers: Headers }> {
    const operation: Operation = operations[name];
    const path = operation.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(input.params?.[key] ?? ''));
    const query = new URLSearchParams(Object.entries(input.query ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])));
    const response = await fetch(`${this.#address}${path}${query.size > 0 ? `?${query.toString()}` : ''}`, {
      method: operation.method.toUpperCase(),
      headers: { ...(this.#token === undefined ? {} : { Authorization: `Bearer ${this.#token}` }), ...(input.body === undefined ? {} : { 'Content-Type': 'application/json' }), ...input.headers },
      ...(input.body === undefined ? {} : { body: typeof input.body === 'string' ? input.body : JSON.stringify(input.body) }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    await this.#validate(name, response.status, (response.headers.get('content-type') ?? '').split(';')[0] ?? '', answer);
    return { status: response.status, answer, headers: response.headers };
  }

  async call<N extends OperationName>(name: N, input: { params?: Record<string, string>; body?: BodyOf<N>; query?: QueryOf<N> } = {}): Promise<AnswerOf<N>> {
    const { status, answer } = await this.raw(name, input as Parameters<ApiClient['raw']>[1]);
    if (status !== operations[name].status) throw new Error(`${name}: ${status} ${JSON.stringify(answer)}`);
    return answer as AnswerOf<N>;
  }

  /** The problem that a call is expected to end with. */
  async problem(name: OperationName, input: Parameters<ApiClient['raw']>[1] = {}): Promise<ProblemAnswer> {
    const { status, answer } = await this.raw(name, input);
    if (status < 400) throw new Error(`${name}: expected a problem, came ${status}`);
    return answer as ProblemAnswer;
  }
}
