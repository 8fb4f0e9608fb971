/** The figure of the courses as an SVG document. */
import { svgDocument } from '../../core/figures/draw-svg.ts';
import { autoscalingFigure } from './autoscaling-figure.ts';
import type { TrafficCourses } from './traffic-courses.ts';

const WIDTH_PIXELS = 860;

export function drawCourses(courses: TrafficCourses): string {
  const figure = autoscalingFigure(courses);
  return svgDocument(figure, WIDTH_PIXELS, figure.basis);
}
