// Progressive enhancement only: every page works without this file.
const all = (selector, root = document) => [...root.querySelectorAll(selector)]
document.documentElement.classList.add('js')

// Menus that fold on small screens.
for (const button of all('.menu-btn')) {
  button.addEventListener('click', () => {
    button.setAttribute('aria-expanded', String(button.getAttribute('aria-expanded') !== 'true'))
  })
}

// The official time goes on from the server's clock, in the municipality's zone (the offset of the attribute).
const official = document.querySelector('time[data-live]')
if (official) {
  const text = official.getAttribute('datetime')
  const offset = /([+-])(\d\d):(\d\d)$/.exec(text)
  const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0
  // The page says whole minutes and may be a minute old: a clock that agrees as far as that is right by itself.
  const difference = Date.parse(text) - Date.now()
  const ahead = Math.abs(difference) < 120000 ? 0 : difference
  setInterval(() => {
    const now = new Date(Date.now() + ahead + minutes * 60000)
    official.querySelector('b').textContent = now.getUTCHours() + ':' + String(now.getUTCMinutes()).padStart(2, '0')
  }, 5000)
}

// A form that came back with errors: the summary takes the focus, its links lead to the fields.
document.querySelector('[data-c="error-summary"]')?.focus()

// Files: our own words instead of the browser's, which speak its language and not the page's.
for (const input of all('.file input[type=file]')) {
  const output = input.parentElement.querySelector('output')
  input.addEventListener('change', () => {
    // What the server would refuse need not be sent first.
    const refused = input.dataset.max && [...input.files].some(file => file.size > Number(input.dataset.max))
    if (refused) input.value = ''
    output.classList.toggle('late', Boolean(refused))
    output.textContent = refused ? input.dataset.tooBig : [...input.files].map(file => file.name).join(', ') || output.dataset.none
  })
}

// Code to take away, where the browser lets a page write to the clipboard.
for (const block of navigator.clipboard ? all('pre[data-copy]') : []) {
  const button = document.createElement('button'), told = document.createElement('output')
  Object.assign(button, {type: 'button', className: 'btn btn--2 btn--sm', textContent: block.dataset.copy})
  button.setAttribute('aria-label', `${block.dataset.copy}: ${block.previousElementSibling?.textContent ?? ''}`)
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(block.textContent)
      told.textContent = block.dataset.copied
      setTimeout(() => { told.textContent = '' }, 3000)
    } catch {
      getSelection().selectAllChildren(block)  // not allowed: ready for the reader's own copy
    }
  })
  const row = document.createElement('p')
  row.className = 'row small'
  row.append(button, told)
  block.after(row)
}

// A second click on the button that sends a form does nothing until the page comes back.
for (const form of all('form[method="post"]')) {
  form.addEventListener('submit', event => {
    const button = event.submitter
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = '1'
    button?.setAttribute('aria-disabled', 'true')
  })
}
addEventListener('pageshow', () => {
  for (const form of all('form[data-sent]')) {
    delete form.dataset.sent
    all('[aria-disabled]', form).forEach(button => button.removeAttribute('aria-disabled'))
  }
})

// Pages of a document on which areas are marked by dragging: each becomes a line of a field, in millimetres.
for (const page of all('img[data-areas-into]')) {
  const field = document.getElementById(page.dataset.areasInto)
  const millimetres = pixels => Math.max(0, Math.round(pixels * page.naturalWidth / page.clientWidth * 25.4 / 80))
  let from, box
  const place = event => {
    const sheet = page.getBoundingClientRect()
    return [Math.min(Math.max(event.clientX - sheet.left, 0), sheet.width), Math.min(Math.max(event.clientY - sheet.top, 0), sheet.height)]
  }
  const area = to => [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])]
  page.addEventListener('pointerdown', event => {
    if (event.button !== 0) return
    event.preventDefault()
    page.setPointerCapture(event.pointerId)
    from = place(event)
    box = page.parentElement.appendChild(document.createElement('span'))
    box.className = 'marked'
  })
  page.addEventListener('pointermove', event => {
    if (!from) return
    const [left, top, width, height] = area(place(event))
    Object.assign(box.style, {left: `${page.offsetLeft + left}px`, top: `${page.offsetTop + top}px`, width: `${width}px`, height: `${height}px`})
  })
  const end = event => {
    if (!from) return
    const sides = area(place(event)).map(millimetres)
    from = undefined
    if (event.type === 'pointercancel' || sides[2] < 1 || sides[3] < 1) return box.remove()
    field.value += `${field.value && !field.value.endsWith('\n') ? '\n' : ''}${page.dataset.page}:${sides.join(',')}\n`
  }
  page.addEventListener('pointerup', end)
  page.addEventListener('pointercancel', end)
}
document.getElementById('paginas-titulo')?.focus()

// Tables with boxes: select all, and how many are selected.
const count = table => {
  const shown = document.querySelector('[data-selected]')
  if (shown) shown.textContent = String(all('tbody input[type=checkbox]:checked', table).length)
}
for (const box of all('[data-check-all]')) {
  const table = box.closest('table')
  box.addEventListener('change', () => {
    all('tbody input[type=checkbox]', table).forEach(other => { other.checked = box.checked })
    count(table)
  })
  table.addEventListener('change', () => count(table))
}

// A list that goes on by itself: the server tells how far each row is, and when the list is another one.
for (const list of all('[data-events]')) {
  let asking = false
  const renew = async () => {
    if (asking || document.hidden) return
    asking = true
    try {
      const answer = await fetch(location.href, {headers: {Accept: 'text/html'}})
      const page = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html')
      const fresh = page && page.querySelector('[data-events]')
      if (!fresh) return
      const focus = list.contains(document.activeElement) && document.activeElement.id
      list.replaceChildren(...fresh.childNodes)
      list.dataset.version = fresh.dataset.version
      if (focus) (document.getElementById(focus) ?? list.querySelector('[tabindex]'))?.focus()
    } finally {
      asking = false
    }
  }
  const show = ({version, rows}) => {
    if (version !== list.dataset.version) return renew()
    for (const {id, percent, text} of rows) {
      const row = list.querySelector(`[data-id="${Number(id)}"]`)
      const bar = row?.querySelector('progress')
      if (bar && percent >= 0) bar.value = percent
      const words = row?.querySelector('[data-c="job-progress"]')
      if (words && words.textContent !== text) words.textContent = text
    }
  }
  let source
  const listen = () => {
    source = new EventSource(list.dataset.events)
    source.addEventListener('jobs', event => show(JSON.parse(event.data)))
    // A browser connects again by itself unless it was refused (too many, or the session has ended).
    source.addEventListener('error', () => { if (source.readyState === EventSource.CLOSED) setTimeout(listen, 30000) })
  }
  listen()
  document.addEventListener('visibilitychange', () => { if (!document.hidden) renew() })
  addEventListener('pagehide', () => source.close())
  addEventListener('pageshow', event => { if (event.persisted) listen() })
}
