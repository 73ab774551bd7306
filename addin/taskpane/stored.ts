/** The pane's memory within one place (`host.storagePrefix`); what a locked-down browser refuses to keep is simply forgotten. */
export interface Stored {
  read(name: string): string | undefined;
  write(name: string, value: string | undefined): void;
}

export function storedIn(area: () => Storage, prefix: string): Stored {
  return {
    read: (name) => attempt(() => area().getItem(`${prefix}${name}`) ?? undefined),
    write: (name, value) =>
      attempt(() => {
        if (value === undefined) area().removeItem(`${prefix}${name}`);
        else area().setItem(`${prefix}${name}`, value);
      }),
  };
}

/** Storage may be switched off by policy; the pane then works within one opening. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
