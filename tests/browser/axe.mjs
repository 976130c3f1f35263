// What axe-core finds on a page, and what sticks out of it.
import {createRequire} from 'node:module';
import fs from 'node:fs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Violations, and contrasts that axe cannot tell; empty is well. `rules`: as axe takes them. The window grows to hold the
 * whole page: what is out of it, axe cannot tell from what is covered.
 */
export async function problems(page, rules = {}) {
  const {width, height} = page.viewportSize();
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  if (whole > height) await page.setViewportSize({width, height: whole});
  await page.evaluate(axe);
  const {violations, incomplete} = await page.evaluate(rules => window.axe.run(document, {resultTypes: ['violations', 'incomplete'], preload: false, rules}), rules);
  const told = result => result.nodes.map(node => `${result.id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? result.help}`);
  const unsure = [];
  for (const result of incomplete.filter(({id}) => id === 'color-contrast')) {
    const nodes = [];
    for (const node of result.nodes) if (!(await own_contrast(page, node.target.join(' ')) >= 4.5)) nodes.push(node);
    unsure.push(...told({...result, nodes}));
  }
  if (whole > height) await page.setViewportSize({width, height});
  return [...violations.flatMap(told), ...unsure];
}

/**
 * axe takes a text area, which is a scrolling box, for covered by itself, and tells nothing of letters in drawings. A text area's
 * stand on its own opaque ground; those of a drawing on the circle under them, or on the first opaque ground of what is around:
 * WCAG's ratio of the two. NaN for anything else.
 */
const own_contrast = (page, selector) => page.evaluate(selector => {
  const element = document.querySelector(selector);
  const opaque = text => !/^rgba\(.*, 0\)$|transparent/.test(text);
  let color, backgroundColor;
  if (element?.tagName === 'TEXTAREA') ({color, backgroundColor} = getComputedStyle(element));
  else if (element?.tagName === 'text') {
    color = getComputedStyle(element).fill;
    if (element.classList.contains('on')) backgroundColor = getComputedStyle(element.previousElementSibling).fill;
    for (let around = element; around && !(backgroundColor && opaque(backgroundColor)); around = around.parentElement) backgroundColor = getComputedStyle(around).backgroundColor;
  } else return NaN;
  const luminance = text => {
    const [r, g, b, alpha = 1] = text.match(/[\d.]+/g).map(Number);
    const [lr, lg, lb] = [r, g, b].map(value => value / 255).map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return alpha === 1 ? 0.2126 * lr + 0.7152 * lg + 0.0722 * lb : NaN;
  };
  const [light, dark] = [luminance(color), luminance(backgroundColor)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}, selector);

/** Elements that end beyond the right edge of the window, outside of boxes that scroll. */
export const overflowing = page => page.evaluate(() => [...document.querySelectorAll('body *')].filter(element => {
  const box = element.getBoundingClientRect();
  if (box.right <= innerWidth + 0.5 || box.width === 0 || getComputedStyle(element).visibility === 'hidden') return false;
  for (let parent = element.parentElement; parent; parent = parent.parentElement) {
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(parent).overflowX)) return false;
  }
  return true;
}).map(element => `${element.tagName} ${element.className} ${Math.round(element.getBoundingClientRect().right)}`));
