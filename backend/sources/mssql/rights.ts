import type { LocalText } from '../../../shared/language.ts';

/** What the login may do besides reading, as one row of 1, 0 or NULL. */
export const rightsSql = `SELECT CAST(SERVERPROPERTY('ProductVersion') AS varchar(40)) AS version,
  HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'INSERT') AS may_insert,
  HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'UPDATE') AS may_update,
  HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'DELETE') AS may_delete,
  HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'ALTER') AS may_alter,
  HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'EXECUTE') AS may_execute,
  IS_SRVROLEMEMBER('sysadmin') AS is_administrator`;

const rights = ['INSERT', 'UPDATE', 'DELETE', 'ALTER', 'EXECUTE'];

/** Version and advice from the row that `rightsSql` gives. */
export function readRights([version, ...flags]: unknown[], encrypt: boolean): { version: string; advice: LocalText[] } {
  const granted = rights.filter((_right, at) => Number(flags[at]) === 1);
  const advice: LocalText[] = [];
  if (Number(flags[rights.length]) === 1) advice.push({ ru: 'Учётная запись — администратор сервера (sysadmin). Заведите отдельную с ролью db_datareader.', en: 'The login is an administrator of the server (sysadmin). Make one of its own with the role db_datareader.' });
  else if (granted.length > 0) advice.push({ ru: `Учётная запись может не только читать: ${granted.join(', ')}. Оставьте ей роль db_datareader.`, en: `The login can do more than read: ${granted.join(', ')}. Leave it the role db_datareader.` });
  if (!encrypt) advice.push({ ru: 'Соединение не шифруется (encrypt: false): пароль и данные видны в сети.', en: 'The connection is not encrypted (encrypt: false): password and data can be seen on the network.' });
  const major = Number(String(version).split('.')[0]);
  if (major < 13) advice.push({ ru: `SQL Server ${String(version)} старше 2016 и без обновлений безопасности.`, en: `SQL Server ${String(version)} is older than 2016 and gets no security updates.` });
  return { version: String(version), advice };
}
