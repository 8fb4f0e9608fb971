/**
 * `expf` for numbers up to 0, as the C library of ONNX Runtime's Linux builds computes it: with it the probabilities
 * are the same bits. Of the 1,120,927,745 float32 from -104 to -0 one (-0x1.f8cbb2p+5) gives another last bit than
 * glibc 2.36 does. Math.exp rounded to float32 differs in one of 1,600.
 *
 * exp(x) = 2^(k/32) * 2^r with |r| at most 1/64; a table of 32 powers for the first, a polynomial for the second, in
 * float64. Source of the method and its numbers: S. Nagy, Arm Optimized Routines, `math/expf.c` (2017).
 */

/** Bits of 2^(i/32), less i << 47: adding k << 47 then gives those of 2^(k/32). */
const POWERS = memory.data<u64>([
  0x3ff0000000000000, 0x3fefd9b0d3158574, 0x3fefb5586cf9890f, 0x3fef9301d0125b51, 0x3fef72b83c7d517b,
  0x3fef54873168b9aa, 0x3fef387a6e756238, 0x3fef1e9df51fdee1, 0x3fef06fe0a31b715, 0x3feef1a7373aa9cb,
  0x3feedea64c123422, 0x3feece086061892d, 0x3feebfdad5362a27, 0x3feeb42b569d4f82, 0x3feeab07dd485429,
  0x3feea47eb03a5585, 0x3feea09e667f3bcd, 0x3fee9f75e8ec5f74, 0x3feea11473eb0187, 0x3feea589994cce13,
  0x3feeace5422aa0db, 0x3feeb737b0cdc5e5, 0x3feec49182a3f090, 0x3feed503b23e255d, 0x3feee89f995ad3ad,
  0x3feeff76f2fb5e47, 0x3fef199bdd85529c, 0x3fef3720dcef9069, 0x3fef5818dcfba487, 0x3fef7c97337b9b5f,
  0x3fefa4afa2a490da, 0x3fefd0765b6e4540,
]);
/** Half of the least float32 is at 150 * ln 2 below 0. */
const UNDERFLOW: f32 = -103.972076416015625;
const STEPS_A_UNIT: f64 = 46.16624130844683;
/** Added to a small float64, it leaves the nearest whole number in the lowest bits. */
const ROUNDER: f64 = 6755399441055744;

@inline
export function expOfNegative(x: f32): f32 {
  if (x < UNDERFLOW) return 0;
  const steps = STEPS_A_UNIT * <f64>x;
  const rounded = steps + ROUNDER;
  const k = reinterpret<u64>(rounded);
  const r = steps - (rounded - ROUNDER);
  const power = reinterpret<f64>(load<u64>(POWERS + (<usize>(k & 31) << 3)) + (k << 47));
  const cubic = 1.6938359250920212e-6 * r + 0.00023459809789509004;
  const linear = 0.021660849396613134 * r + 1;
  return <f32>((cubic * (r * r) + linear) * power);
}
