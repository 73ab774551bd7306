import { apiOf, Arguments } from './api/api.ts';
import { NullObject, nullObject } from './api/null-object.ts';
import './api/range.ts';
import './api/table.ts';
import './api/chart.ts';
import './api/workbook.ts';
import { RangeReference } from './model/range.ts';
import { itemNotFound, Refusal, UnknownCall } from './refusal.ts';
import { actionTypes, pathTypes, type Action, type ArgumentInfo, type ObjectPath, type RequestBody, type ResponseBody } from './wire.ts';

/** Objects that the library keeps between requests, by reference id. */
export type References = Map<string, object>;

/** Runs one request against a root object. What was done before a refusal stays done, as in Excel. */
export class Execution {
  private readonly resolved = new Map<number, object>();
  private readonly root: (path: ObjectPath) => object;
  private readonly references: References;
  private readonly body: RequestBody;

  constructor(body: RequestBody, references: References, root: (path: ObjectPath) => object) {
    this.body = body;
    this.references = references;
    this.root = root;
  }

  run(): ResponseBody {
    const results: ResponseBody['Results'] = [];
    for (const [index, action] of this.body.Actions.entries()) {
      try {
        results.push({ ActionId: action.Id, Value: this.act(action) });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { Results: results, Error: { Code: error.code, Message: error.message, Location: this.describe(action), ActionIndex: index, HttpStatusCode: 400 } };
      }
    }
    return { Results: results };
  }

  private describe(action: Action): string {
    const self = this.resolved.get(action.ObjectPathId);
    return `${self && !(self instanceof NullObject) ? apiOf(self).name : 'Object'}.${lowerFirst(action.Name)}`;
  }

  private act(action: Action): unknown {
    const self = this.resolve(action.ObjectPathId);
    switch (action.ActionType) {
      case actionTypes.instantiate:
        return this.identity(self);
      case actionTypes.query:
        return read(self, action.QueryInfo?.Select);
      case actionTypes.method:
        return this.method(self, action);
      case actionTypes.setProperty:
        return set(self, action.Name, this.arguments(action.ArgumentInfo).any(0));
      case actionTypes.trace:
        return null;
      default:
        throw new UnknownCall(`action type ${action.ActionType} (${action.Name})`);
    }
  }

  /** How the library finds the object again: by reference, by id, or not at all. */
  private identity(self: object): unknown {
    if (self instanceof NullObject) return null;
    for (const [id, kept] of this.references) if (kept === self) return { _ReferenceId: id };
    const api = apiOf(self);
    return api.id ? { Id: api.id(self) } : {};
  }

  private method(self: object, action: Action): unknown {
    if (self instanceof NullObject) return null;
    if (action.Name === '_KeepReference') return this.keep(self);
    if (action.Name === '_RemoveReference') return this.release(this.arguments(action.ArgumentInfo).text(0));
    const answer = call(self, action.Name, this.arguments(action.ArgumentInfo));
    return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? null : answer;
  }

  private keep(self: object): null {
    this.references.set(`r${this.references.size + 1}-${this.body.Actions[0]?.Id}`, self);
    if (self instanceof RangeReference) self.sheet.held.add(self);
    return null;
  }

  private release(id: string): null {
    const self = this.references.get(id);
    if (self instanceof RangeReference) self.sheet.held.delete(self);
    this.references.delete(id);
    return null;
  }

  private resolve(id: number): object {
    const known = this.resolved.get(id);
    if (known) return known;
    const found = this.find(this.body.ObjectPaths[String(id)], id);
    this.resolved.set(id, found);
    return found;
  }

  private find(path: ObjectPath | undefined, id: number): object {
    if (!path) throw itemNotFound(`object path ${id}`);
    switch (path.ObjectPathType) {
      case pathTypes.global:
      case pathTypes.newObject:
        return this.root(path);
      case pathTypes.reference:
        return this.reference(path.Name);
      case pathTypes.nullObject:
        return nullObject;
      default:
        return this.member(this.resolve(path.ParentObjectPathId ?? 0), path);
    }
  }

  private reference(id: string): object {
    const kept = this.references.get(id);
    if (!kept) throw itemNotFound(`reference ${id}`);
    return kept;
  }

  private member(parent: object, path: ObjectPath): object {
    if (parent instanceof NullObject) return nullObject;
    const given = this.arguments(path.ArgumentInfo);
    if (path.ObjectPathType === pathTypes.property) return open(parent, path.Name);
    if (path.ObjectPathType === pathTypes.indexer) return item(parent, given.any(0), false);
    if (path.Name === 'GetItem' || path.Name === 'GetItemOrNullObject') return item(parent, given.any(0), path.Name !== 'GetItem');
    if (path.Name === 'GetItemAt') return itemAt(parent, given.number(0));
    const answer = call(parent, path.Name, given);
    if (typeof answer !== 'object' || answer === null) throw new UnknownCall(`${apiOf(parent).name}.${lowerFirst(path.Name)} as an object`);
    return answer;
  }

  private arguments(info: ArgumentInfo | undefined): Arguments {
    const paths = info?.ReferencedObjectPathIds ?? [];
    return new Arguments((info?.Arguments ?? []).map((value, index) => (typeof paths[index] === 'number' && paths[index] !== 0 ? this.resolve(paths[index]) : value)));
  }
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function call(self: object, name: string, given: Arguments): unknown {
  const api = apiOf(self);
  const method = api.call?.[lowerFirst(name)];
  if (!method) throw new UnknownCall(`${api.name}.${lowerFirst(name)}()`);
  return method(self, given) ?? null;
}

function set(self: object, name: string, value: unknown): null {
  if (self instanceof NullObject) return null;
  const api = apiOf(self);
  const property = api.set?.[lowerFirst(name)];
  if (!property) throw new UnknownCall(`${api.name}.${lowerFirst(name)} = …`);
  property(self, value);
  return null;
}

function open(self: object, name: string): object {
  const api = apiOf(self);
  const property = api.open?.[lowerFirst(name)];
  if (!property) throw new UnknownCall(`${api.name}.${lowerFirst(name)}`);
  return property(self);
}

function item(self: object, key: unknown, orNull: boolean): object {
  const api = apiOf(self);
  if (!api.item || (typeof key !== 'string' && typeof key !== 'number')) throw new UnknownCall(`${api.name}.getItem(${JSON.stringify(key)})`);
  const found = api.item(self, key);
  if (!found && !orNull) throw itemNotFound(`${api.name} has no "${key}"`);
  return found ?? nullObject;
}

function itemAt(self: object, index: number): object {
  const api = apiOf(self);
  const found = api.items?.(self)[index];
  if (!found) throw itemNotFound(`${api.name} has no item ${index}`);
  return found;
}

/** What `load` asks for: paths such as `name` or `format/font/bold`; of a collection, for each of its items. */
function read(self: object, select: string[] | undefined): unknown {
  if (self instanceof NullObject) return null;
  const api = apiOf(self);
  if (api.items) {
    const own = (select ?? []).filter((path) => api.get?.[lowerFirst(path)] !== undefined);
    const inner = select?.filter((path) => !own.includes(path));
    return { ...readProperties(self, own), _Items: api.items(self).map((child) => ({ ...(apiOf(child).id ? { Id: apiOf(child).id?.(child) } : {}), ...readProperties(child, inner) })) };
  }
  return readProperties(self, select);
}

function readProperties(self: object, select: string[] | undefined): Record<string, unknown> {
  const api = apiOf(self);
  const answer: Record<string, unknown> = {};
  const nested = new Map<string, string[]>();
  for (const path of select ?? Object.keys(api.get ?? {})) {
    const [first = '', ...rest] = path.split('/');
    if (rest.length > 0 || api.open?.[first]) nested.set(first, [...(nested.get(first) ?? []), ...(rest.length > 0 ? [rest.join('/')] : [])]);
    else {
      const property = api.get?.[first];
      if (!property) throw new UnknownCall(`${api.name}.${first} (loaded)`);
      answer[upperFirst(first)] = property(self);
    }
  }
  for (const [name, paths] of nested) answer[upperFirst(name)] = read(open(self, name), paths.length > 0 ? paths : undefined);
  return answer;
}
