/** What packages bring that a program in an image does not need: other platforms, other forms of themselves, types and maps. */

export interface TrimRule {
  readonly package: string;
  /** Below the package's folder. `{arch}` is the machine's, as Node names it; kept, with all else below its parent removed. */
  readonly keepOnly?: readonly string[];
  readonly remove?: readonly string[];
  readonly reason: string;
}

export const TRIM_RULES: readonly TrimRule[] = [
  {
    package: 'onnxruntime-node',
    keepOnly: ['bin/napi-v6/linux/{arch}'],
    remove: ['script'],
    reason: 'libraries of Windows, macOS and the other processor: 220 MB',
  },
  { package: 'parquet-wasm', remove: ['esm', 'bundler'], reason: 'the same module for browsers, twice' },
  { package: 'echarts', remove: ['dist', 'build', 'i18n', 'theme', 'types'], reason: 'bundles for browsers' },
  { package: 'zrender', remove: ['dist', 'build'], reason: 'bundles for browsers' },
  { package: 'koffi', remove: ['vendor', 'doc'], reason: 'headers it is compiled with' },
];

/** Of every package: nobody reads them at run time. */
export const USELESS_FILES = /\.(?:d\.[mc]?ts|map|md|markdown)$|(?:^|\/)(?:CHANGELOG|README)[^/]*$/i;

/** What a package names as a dependency, and uses only while it is installed, or where it is there. */
export const INSTALL_ONLY: Readonly<Record<string, readonly string[]>> = {
  'onnxruntime-node': ['adm-zip', 'global-agent'],
  // Native, for faster texts in messages of a size that no queue here has.
  msgpackr: ['msgpackr-extract'],
};
