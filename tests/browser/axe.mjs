// What axe-core finds on a page, and what sticks out of it.
import {createRequire} from 'node:module';
import fs from 'node:fs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Contrasts that axe cannot tell by itself and somebody looked at: selector -> why they are right. */
const reviewed = {
  '#resumen': 'an empty text area in its own colours; axe cannot tell what is behind it where a part of it is out of the window',
};

/** Violations, and contrasts that nobody reviewed; empty is well. */
export async function problems(page) {
  await page.evaluate(axe);
  const {violations, incomplete} = await page.evaluate(() => window.axe.run(document, {resultTypes: ['violations', 'incomplete'], preload: false}));
  const told = result => result.nodes.map(node => `${result.id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? result.help}`);
  const contrast = incomplete.filter(({id}) => id === 'color-contrast').flatMap(told);
  return [...violations.flatMap(told), ...contrast.filter(text => !Object.keys(reviewed).some(selector => text.startsWith(`color-contrast: ${selector}:`)))];
}

/** Elements that end beyond the right edge of the window, outside of boxes that scroll. */
export const overflowing = page => page.evaluate(() => [...document.querySelectorAll('body *')].filter(element => {
  const box = element.getBoundingClientRect();
  if (box.right <= innerWidth + 0.5 || box.width === 0 || getComputedStyle(element).visibility === 'hidden') return false;
  for (let parent = element.parentElement; parent; parent = parent.parentElement) {
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(parent).overflowX)) return false;
  }
  return true;
}).map(element => `${element.tagName} ${element.className} ${Math.round(element.getBoundingClientRect().right)}`));
