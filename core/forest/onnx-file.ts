/**
 * What an ONNX file holds, as far as a forest needs it: the lone node of its graph with its attributes, and the
 * tensors that go in and come out. Field numbers: `onnx.proto` (ONNX 1.x).
 */
import { damaged, unsupported } from './forest-error.ts';
import { readPackedFloats, readPackedIntegers, visitFields, WIRE } from './protobuf.ts';

export interface OnnxTensor {
  readonly name: string;
  /** `TensorProto.DataType`; 0 where it is not said. */
  readonly elementType: number;
  /** -1 for a dimension that varies. */
  readonly dimensions: readonly number[];
}

/** An attribute has one of these; the others are empty. */
export interface OnnxAttribute {
  readonly floats: Float32Array;
  readonly integers: Float64Array;
  readonly strings: readonly string[];
  readonly text: string | undefined;
  readonly integer: number | undefined;
}

export interface OnnxNode {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxGraph {
  readonly node: OnnxNode;
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
}

export const FLOAT_ELEMENTS = 1;

type Range = readonly [from: number, to: number];

/**
 * @throws {ForestError} `damaged` when it is no ONNX file; `unsupported` when its graph is more than one node.
 */
export function readOnnxFile(bytes: Uint8Array): OnnxGraph {
  const graphs: Range[] = [];
  let functions = 0;
  visitFields(bytes, 0, bytes.length, (field, wire, _, from, to) => {
    if (field === 7 && wire === WIRE.bytes) graphs.push([from, to]);
    if (field === 25) functions += 1;
  });
  const [graph] = graphs;
  if (graph === undefined || graphs.length > 1)
    throw damaged(`it has ${graphs.length} graphs instead of one`);
  if (functions > 0) throw unsupported('it brings functions of its own');
  return readGraph(bytes, graph);
}

function readGraph(bytes: Uint8Array, [begin, end]: Range): OnnxGraph {
  const nodes: Range[] = [];
  const inputs: OnnxTensor[] = [];
  const outputs: OnnxTensor[] = [];
  let constants = 0;
  visitFields(bytes, begin, end, (field, wire, _, from, to) => {
    if (wire !== WIRE.bytes) return;
    if (field === 1) nodes.push([from, to]);
    if (field === 5 || field === 15) constants += 1;
    if (field === 11) inputs.push(readTensor(bytes, from, to));
    if (field === 12) outputs.push(readTensor(bytes, from, to));
  });
  const [node] = nodes;
  if (node === undefined) throw damaged('its graph has no node');
  if (nodes.length > 1 || constants > 0) {
    throw unsupported(
      `its graph is not a lone tree ensemble: it has ${nodes.length} nodes, ${constants} constants`,
    );
  }
  return { node: readNode(bytes, node), inputs, outputs };
}

function readNode(bytes: Uint8Array, [begin, end]: Range): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let operator = '';
  let domain = '';
  visitFields(bytes, begin, end, (field, wire, _, from, to) => {
    if (wire !== WIRE.bytes) return;
    if (field === 1) inputs.push(readText(bytes, from, to));
    if (field === 2) outputs.push(readText(bytes, from, to));
    if (field === 4) operator = readText(bytes, from, to);
    if (field === 5) addAttribute(attributes, bytes, from, to);
    if (field === 7) domain = readText(bytes, from, to);
  });
  return { operator, domain, inputs, outputs, attributes };
}

function addAttribute(
  attributes: Map<string, OnnxAttribute>,
  bytes: Uint8Array,
  begin: number,
  end: number,
): void {
  const floats: Float32Array[] = [];
  const integers: Float64Array[] = [];
  const strings: string[] = [];
  let name = '';
  let text: string | undefined;
  let integer: number | undefined;
  visitFields(bytes, begin, end, (field, wire, value, from, to) => {
    const isBytes = wire === WIRE.bytes;
    if (field === 1 && isBytes) name = readText(bytes, from, to);
    if (field === 3 && wire === WIRE.varint) integer = value;
    if (field === 4 && isBytes) text = readText(bytes, from, to);
    if (field === 5) throw unsupported(`attribute ${name} is a tensor`);
    // Lists are packed, or written number by number.
    if (field === 7 && (isBytes || wire === WIRE.fixed32)) floats.push(readPackedFloats(bytes, from, to));
    if (field === 8 && isBytes) integers.push(readPackedIntegers(bytes, from, to));
    if (field === 8 && wire === WIRE.varint) integers.push(Float64Array.of(value));
    if (field === 9 && isBytes) strings.push(readRepeatedText(bytes, from, to, strings.at(-1), strings[0]));
  });
  if (attributes.has(name)) throw damaged(`attribute ${name} is there twice`);
  attributes.set(name, {
    floats: joined(new Float32Array(lengthOf(floats)), floats),
    integers: joined(new Float64Array(lengthOf(integers)), integers),
    strings,
    text,
    integer,
  });
}

function lengthOf(parts: readonly { readonly length: number }[]): number {
  return parts.reduce((length, part) => length + part.length, 0);
}

/** Puts the parts one after the other into an array of their length. */
function joined<List extends Float32Array | Float64Array>(list: List, parts: readonly List[]): List {
  let at = 0;
  for (const part of parts) {
    list.set(part, at);
    at += part.length;
  }
  return list;
}

/** A `ValueInfoProto`: name, and type > tensor > element type and shape > dimensions > number or name. */
function readTensor(bytes: Uint8Array, begin: number, end: number): OnnxTensor {
  let name = '';
  let elementType = 0;
  const dimensions: number[] = [];
  const readDimension = (from: number, to: number): void => {
    let size = -1;
    visitFields(bytes, from, to, (field, wire, value) => {
      if (field === 1 && wire === WIRE.varint) size = value;
    });
    dimensions.push(size);
  };
  const visitType = (depth: number, from: number, to: number): void => {
    visitFields(bytes, from, to, (field, wire, value, start, stop) => {
      if (depth === 1 && field === 1 && wire === WIRE.varint) elementType = value;
      if (wire !== WIRE.bytes) return;
      if (depth === 0 && field === 1) visitType(1, start, stop);
      if (depth === 1 && field === 2) visitType(2, start, stop);
      if (depth === 2 && field === 1) readDimension(start, stop);
    });
  };
  visitFields(bytes, begin, end, (field, wire, _, from, to) => {
    if (wire !== WIRE.bytes) return;
    if (field === 1) name = readText(bytes, from, to);
    if (field === 2) visitType(0, from, to);
  });
  return { name, elementType, dimensions };
}

const decoder = new TextDecoder();

function readText(bytes: Uint8Array, from: number, to: number): string {
  return decoder.decode(bytes.subarray(from, to));
}

/** A node's mode is mostly that of the one before it: comparing takes a tenth of the time of decoding. */
function readRepeatedText(
  bytes: Uint8Array,
  from: number,
  to: number,
  before: string | undefined,
  first: string | undefined,
): string {
  if (before !== undefined && isText(bytes, from, to, before)) return before;
  if (first !== undefined && isText(bytes, from, to, first)) return first;
  return readText(bytes, from, to);
}

/** Of texts beyond ASCII the bytes are never equal to the character codes. */
function isText(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (text.length !== to - from) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== bytes[from + at] || code > 127) return false;
  }
  return true;
}
