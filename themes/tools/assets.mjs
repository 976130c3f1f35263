// Makes what themes need and the repository does not hold: the sprite of the icons in use and the fonts
// cut down to the letters of our languages.
// node assets.mjs MODULES OUT TEMPLATES_FOLDER...
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const [modules, out, ...folders] = process.argv.slice(2)

const fonts = {
  'source-sans': {
    from: '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
    family: 'Source Sans 3', weight: '400 700', axis: 'wght=400:700', fallback: 'Arial', adjust: '94%',
    generic: 'system-ui,sans-serif'
  },
  atkinson: {
    from: '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
    family: 'Atkinson Hyperlegible Next', weight: '400 700', axis: 'wght=400:700', fallback: 'Arial', adjust: '101%',
    generic: 'system-ui,sans-serif'
  },
  'source-serif': {
    from: '@fontsource/source-serif-4/files/source-serif-4-latin-600-normal.woff2',
    family: 'Source Serif 4', weight: '600', fallback: 'Georgia', adjust: '96%', generic: 'serif'
  }
}
// Latin-1, the ligatures and quotes of our languages, dashes, euro, minus, bullet, arrows of breadcrumbs.
const letters = 'U+0020-007E,U+00A0-00FF,U+0131,U+0140,U+0152,U+0153,U+2010-2015,U+2018-201E,U+2022,U+2026,' +
  'U+202F,U+2030,U+2039,U+203A,U+20AC,U+2122,U+2190-2193,U+2212'

function walk(folder, visit) {
  if (!fs.existsSync(folder)) return
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) walk(file, visit)
    else visit(file)
  }
}

function usedIcons() {
  const used = new Map()
  for (const folder of folders) {
    walk(folder, file => {
      const text = file.endsWith('.mustache') || file.endsWith('icons.txt') ? fs.readFileSync(file, 'utf8') : ''
      const names = file.endsWith('.mustache')
        ? [...text.matchAll(/\{\{assets\.icons\}\}#([a-z0-9-]+)/g)].map(match => [match[1], match.index])
        : [...text.matchAll(/^[a-z0-9-]+$/gm)].map(match => [match[0], match.index])
      for (const [name, at] of names) {
        if (!used.has(name)) used.set(name, `${file}:${text.slice(0, at).split('\n').length}`)
      }
    })
  }
  return used
}

function sprite() {
  let unknown = 0
  const symbols = [...usedIcons()].sort().map(([name, place]) => {
    const file = path.join(modules, '@tabler/icons/icons/outline', name + '.svg')
    if (!fs.existsSync(file)) {
      console.error(`${place}: no hay ningún icono «${name}» en Tabler`)
      unknown++
      return ''
    }
    const shapes = [...fs.readFileSync(file, 'utf8').matchAll(/<(path|circle|rect|line|polyline|ellipse)[^>]*\/>/g)]
      .map(match => match[0]).filter(shape => !shape.includes('M0 0h24v24H0z'))
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.join('')}</symbol>`
  })
  if (unknown) process.exit(1)
  fs.writeFileSync(path.join(out, 'icons.svg'), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`)
}

function tool(name) {
  return ['/usr/bin', ...(process.env.PATH ?? '').split(':')].map(folder => path.join(folder, name)).find(fs.existsSync)
}

function makeFonts() {
  const target = path.join(out, 'fonts')
  fs.mkdirSync(target, { recursive: true })
  const subset = tool('pyftsubset'), fonttools = tool('fonttools')
  if (!subset) console.error('aviso: sin pyftsubset (python3-fonttools) las letras pesan más de lo debido')
  const list = {}
  for (const [name, font] of Object.entries(fonts)) {
    const { from, axis, ...shown } = font
    const file = path.join(target, name + '.woff2')
    fs.copyFileSync(path.join(modules, from), file)
    if (subset) {
      const narrow = path.join(target, name + '.ttf')
      if (axis && fonttools) execFileSync(fonttools, ['varLib.instancer', file, axis, '-q', '-o', narrow], { stdio: 'ignore' })
      else fs.copyFileSync(file, narrow)
      execFileSync(subset, [narrow, `--unicodes=${letters}`, '--flavor=woff2', '--layout-features=kern,liga,locl,mark,ccmp,tnum',
        `--output-file=${file}`])
      fs.rmSync(narrow)
    }
    const licence = path.join(modules, from.split('/').slice(0, 2).join('/'), 'LICENSE')
    fs.copyFileSync(licence, path.join(target, name + '.LICENSE'))
    list[name] = { ...shown, file: name + '.woff2' }
  }
  fs.writeFileSync(path.join(target, 'fonts.json'), JSON.stringify(list, null, 2) + '\n')
}

fs.mkdirSync(out, { recursive: true })
sprite()
makeFonts()
fs.copyFileSync(path.join(modules, '@tabler/icons/LICENSE'), path.join(out, 'icons.LICENSE'))
