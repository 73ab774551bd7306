import { EngineException } from './exception.ts';

const number = /^\d{1,19}$/;
const flag = /^(0|1|true|false)$/;
const shortWord = /^[\p{L}\p{N} \\_-]{0,20}$/u;

/** Every setting that a request may set, with what its value must look like. Nothing else reaches the engine. */
const allowed: Record<string, RegExp> = {
  max_execution_time: number,
  max_memory_usage: number,
  max_result_rows: number,
  max_result_bytes: number,
  max_rows_to_read: number,
  max_bytes_to_read: number,
  max_bytes_before_external_sort: number,
  max_bytes_before_external_group_by: number,
  max_threads: number,
  max_insert_threads: number,
  max_block_size: number,
  max_joined_block_size_rows: number,
  max_query_size: number,
  max_ast_elements: number,
  max_expanded_ast_elements: number,
  mutations_sync: /^[0-2]$/,
  alter_sync: /^[0-2]$/,
  readonly: /^[0-2]$/,
  result_overflow_mode: /^(throw|break)$/,
  timeout_overflow_mode: /^throw$/,
  read_overflow_mode: /^throw$/,
  group_by_overflow_mode: /^throw$/,
  sort_overflow_mode: /^throw$/,
  distinct_overflow_mode: /^throw$/,
  join_overflow_mode: /^throw$/,
  set_overflow_mode: /^throw$/,
  transfer_overflow_mode: /^throw$/,
  async_insert: flag,
  insert_allow_materialized_columns: flag,
  input_format_skip_unknown_fields: flag,
  input_format_null_as_default: flag,
  input_format_csv_empty_as_default: flag,
  input_format_json_read_numbers_as_strings: flag,
  input_format_parallel_parsing: flag,
  input_format_allow_errors_num: number,
  date_time_input_format: /^(basic|best_effort|best_effort_us)$/,
  query_plan_remove_redundant_sorting: flag,
  join_use_nulls: flag,
  output_format_json_quote_64bit_integers: flag,
  output_format_json_quote_decimals: flag,
  output_format_json_quote_denormals: flag,
  output_format_json_escape_forward_slashes: flag,
  output_format_decimal_trailing_zeros: flag,
  output_format_csv_crlf_end_of_line: flag,
  format_csv_delimiter: /^[,;|\t]$/,
  format_csv_null_representation: shortWord,
  bool_true_representation: shortWord,
  bool_false_representation: shortWord,
  date_time_output_format: /^(simple|iso|unix_timestamp)$/,
  session_timezone: /^[A-Za-z0-9_+/-]{0,64}$/,
};

/** Known on a server, without meaning here: this process never buffers, compresses or stops by them differently. */
const ignored = new Set([
  'enable_http_compression',
  'cancel_http_readonly_queries_on_client_close',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'http_wait_end_of_query',
]);

/** Checks one setting of a request; `null` when it has no meaning here. */
export function checkedSetting(name: string, value: string): string | null {
  if (ignored.has(name)) return null;
  const pattern = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
  if (pattern === undefined) throw new EngineException(115, `Unknown setting '${name.slice(0, 100)}' or not allowed here`, 'UNKNOWN_SETTING');
  if (!pattern.test(value)) throw new EngineException(36, `Value of setting '${name}' is not allowed here`, 'BAD_ARGUMENTS');
  return value;
}
