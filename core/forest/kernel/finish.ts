/** From sums to labels and scores, step by step as ONNX Runtime takes them, in float32. */
import {
  BASE_VALUES,
  FORM_BINARY,
  FORM_BINARY_POSITIVE,
  FORM_MULTICLASS,
  FORM_REGRESSION,
  SCORE_FORM,
  SUM_CLASS_STEP,
  SUM_COUNT,
  SUM_ROW_STEP,
  SUMS,
  TRANSFORM,
  TRANSFORM_LOGISTIC,
  TRANSFORM_SOFTMAX,
} from '../image-fields';
import { expOfNegative } from './exponential';

/** Writes the scores and labels of the rows whose sums are there. */
export function finishRows(image: usize, rows: i32, scores: usize, labels: usize): void {
  const form = load<u32>(image, SCORE_FORM);
  const count = load<u32>(image, SUM_COUNT);
  const transform = load<u32>(image, TRANSFORM);
  const rowStep: usize = load<u32>(image, SUM_ROW_STEP);
  const classStep: usize = load<u32>(image, SUM_CLASS_STEP);
  const bases: usize = load<u32>(image, BASE_VALUES);
  let sums: usize = load<u32>(image, SUMS);
  const isBinary = form == FORM_BINARY || form == FORM_BINARY_POSITIVE;
  for (let row = 0; row < rows; row++) {
    if (isBinary) {
      const half: f32 = form == FORM_BINARY_POSITIVE ? 0.5 : 0;
      const sum = load<f32>(sums) + load<f32>(bases);
      store<i32>(labels, <i32>(sum > half));
      if (transform == TRANSFORM_LOGISTIC) {
        store<f32>(scores, logistic(-sum));
        store<f32>(scores, logistic(sum), 4);
      } else {
        store<f32>(scores, form == FORM_BINARY_POSITIVE ? 1 - sum : -sum);
        store<f32>(scores, sum, 4);
      }
      scores += 8;
    } else {
      let sum = sums;
      for (let at: usize = 0; at < <usize>count << 2; at += 4) {
        store<f32>(scores + at, load<f32>(sum) + load<f32>(bases + at));
        sum += classStep;
      }
      if (form == FORM_MULTICLASS) store<i32>(labels, highest(scores, count));
      else if (form != FORM_REGRESSION) store<i32>(labels, <i32>(load<f32>(scores, 4) > 0));
      if (transform == TRANSFORM_SOFTMAX) softmax(scores, count);
      else if (transform == TRANSFORM_LOGISTIC) {
        for (let at: usize = 0; at < <usize>count << 2; at += 4) {
          store<f32>(scores + at, logistic(load<f32>(scores + at)));
        }
      }
      scores += count << 2;
    }
    sums += rowStep;
    labels += 4;
  }
}

/** The first of equals; the first of all where none compares. */
@inline
function highest(scores: usize, count: u32): i32 {
  let best: u32 = 0;
  let most = load<f32>(scores);
  for (let index: u32 = 1; index < count; index++) {
    const score = load<f32>(scores + (<usize>index << 2));
    if (score > most) {
      most = score;
      best = index;
    }
  }
  return best;
}

@inline
function softmax(scores: usize, count: u32): void {
  const end = scores + (<usize>count << 2);
  let most = -f32.MAX_VALUE;
  for (let at = scores; at < end; at += 4) {
    const score = load<f32>(at);
    if (score > most) most = score;
  }
  let total: f32 = 0;
  for (let at = scores; at < end; at += 4) {
    const power = expOfNegative(load<f32>(at) - most);
    store<f32>(at, power);
    total += power;
  }
  for (let at = scores; at < end; at += 4) store<f32>(at, load<f32>(at) / total);
}

@inline
function logistic(value: f32): f32 {
  const share: f32 = 1 / (1 + expOfNegative(-abs(value)));
  return value < 0 ? 1 - share : share;
}
