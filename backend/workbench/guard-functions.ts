/** A function as `system.functions` describes it. */
export interface EngineFunction {
  name: string;
  isAggregate: boolean;
  caseInsensitive: boolean;
  aliasTo: string;
  category: string;
  origin: string;
}

/** Categories in which every function only computes from its arguments. Reviewed on ClickHouse 26.7; new categories stay out. */
const pureCategories = new Set([
  'Aggregate Functions', 'Type Conversion', 'Dates and Times', 'Arrays', 'String', 'Geo', 'Hash', 'String Search', 'JSON', 'URL',
  'Mathematical', 'Arithmetic', 'Geo Polygon', 'Map', 'IP Address', 'Comparison', 'Tuple', 'Distance', 'Random Number', 'Bitmap',
  'Time Series', 'NumericIndexedVector', 'Bit', 'Encoding', 'UUID', 'String Splitting', 'String Replacement', 'Null', 'Rounding',
  'Time Window', 'Encryption', 'Conditional', 'Financial', 'Logical', 'QBit',
]);

/** Harmless ones of the mixed categories, reviewed one by one; the rest reads files, settings, tables by name, or tells about the server. */
const pureOthers = new Set([
  'bar', 'blockNumber', 'byteSize', 'caseWithExpression', 'colorOKLABToSRGB', 'colorOKLCHToSRGB', 'colorSRGBToOKLAB', 'colorSRGBToOKLCH',
  'countDigits', 'defaultValueOfArgumentType', 'defaultValueOfTypeName', 'digits', 'finalizeAggregation', 'flipCoordinates', 'formatReadableDecimalSize',
  'formatReadableQuantity', 'formatReadableSize', 'formatReadableTimeDelta', 'getSizeOfEnumType', 'getSubcolumn', 'icebergBucket', 'icebergTruncate',
  'identity', 'ignore', 'initializeAggregation', 'isConstant', 'isDecimalOverflow', 'lowCardinalityIndices', 'lowCardinalityKeys', 'MACNumToString',
  'MACStringToNum', 'MACStringToOUI', 'materialize', 'minSampleSizeContinuous', 'minSampleSizeConversion', 'neighbor', 'parseReadableSize',
  'parseReadableSizeOrNull', 'parseReadableSizeOrZero', 'parseTimeDelta', 'rowNumberInAllBlocks', 'rowNumberInBlock', 'runningAccumulate',
  'runningDifference', 'runningDifferenceStartingWithFirstValue', 'throwIf', 'toColumnTypeName', 'toTypeName', 'transform', 'variantElement',
  'variantType', 'visibleWidth',
]);

/** Parts of the language that the parser writes as functions. */
const syntax = new Set(['lambda', 'exists', 'grouping', 'arrayJoin', 'untuple']);

/** Never, whatever category an engine's version puts them in. */
const refused = new Set([
  'file', 'sleep', 'sleepEachRow', 'getSetting', 'getSettingOrDefault', 'getServerSetting', 'getMergeTreeSetting', 'hostName', 'FQDN', 'displayName',
  'currentUser', 'authenticatedUser', 'getClientHTTPHeader', 'getMacro', 'joinGet', 'joinGetOrNull', 'hasColumnInTable', 'evalMLMethod', 'catboostEvaluate',
  'showCertificate', 'globalVariable', 'serverTimezone', 'getOSKernelVersion', 'currentDatabase', 'currentSchemas',
]);

/** Table functions that only make rows. */
const tableFunctions = new Set(['numbers', 'numbers_mt', 'zeros', 'zeros_mt', 'values', 'view', 'generateseries', 'generate_series']);

const combinators = ['If', 'Array', 'Map', 'SimpleState', 'State', 'Merge', 'ForEach', 'Distinct', 'OrDefault', 'OrNull', 'Resample', 'ArgMin', 'ArgMax', 'Null', 'Tuple'];

/** The functions that analysts' queries may use. */
export class AllowedFunctions {
  private readonly names = new Set<string>();
  private readonly anyCase = new Set<string>();
  private readonly aggregates = new Set<string>();

  constructor(functions: EngineFunction[]) {
    const byName = new Map(functions.map((one) => [one.name.toLowerCase(), one]));
    for (const one of functions) {
      const target = one.aliasTo === '' ? one : byName.get(one.aliasTo.toLowerCase());
      if (target === undefined || !isPure(target) || !isPureName(one.name)) continue;
      this.names.add(one.name);
      if (one.caseInsensitive) this.anyCase.add(one.name.toLowerCase());
      if (one.isAggregate || target.isAggregate) this.aggregates.add(one.caseInsensitive ? one.name.toLowerCase() : one.name);
    }
  }

  has(name: string): boolean {
    return syntax.has(name) || this.names.has(name) || this.anyCase.has(name.toLowerCase()) || this.isCombined(name);
  }

  /** `uniqIf`, `sumMapMerge`: an aggregate function with any number of combinators. */
  private isCombined(name: string): boolean {
    if (this.aggregates.has(name) || this.aggregates.has(name.toLowerCase())) return true;
    return combinators.some((suffix) => name.length > suffix.length && name.endsWith(suffix) && this.isCombined(name.slice(0, -suffix.length)));
  }
}

export function isAllowedTableFunction(name: string): boolean {
  return tableFunctions.has(name.toLowerCase());
}

function isPure(one: EngineFunction): boolean {
  if (!isPureName(one.name) || one.origin !== 'System') return false;
  return one.isAggregate || pureCategories.has(one.category) || pureOthers.has(one.name);
}

function isPureName(name: string): boolean {
  return !refused.has(name) && !/^(__|dict|region|ai[A-Z]|url$|s3|remote)/.test(name);
}
