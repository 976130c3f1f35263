// Large files of a form go ahead of it, piece by piece (tus 1.0.0), and go on where they were cut: by the network, or by
// leaving the page. Without this script they are sent with the form. templates/uploads.mustache says the texts.
const piece = 4 << 20
const shelf = 'concejo.subidas'
const marker = document.querySelector('[data-c="uploads"]')
const form = marker?.closest('form')
const say = marker?.dataset
const running = new Set()

const remembered = () => JSON.parse(localStorage.getItem(shelf) ?? '[]')
const remember = change => localStorage.setItem(shelf, JSON.stringify(change(remembered()).slice(-50)))
const forget = record => remember(all => all.filter(other => other.url !== record.url))

/** A request; `moved` hears of bytes on their way. A silence of 20 seconds is a cut. */
const ask = (method, url, headers = {}, body = null, moved = () => {}) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest()
  let silence
  const alive = () => { clearTimeout(silence); silence = setTimeout(() => request.abort(), 20000) }
  request.open(method, url)
  const all = {'Tus-Resumable': '1.0.0', 'X-CSRF-Token': form.elements.csrf_token.value, ...headers}
  for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value)
  request.upload.onprogress = event => { alive(); moved(event.loaded) }
  request.onload = () => resolve(request)
  request.onerror = request.onabort = () => reject(new Error('cut'))
  request.onloadend = () => clearTimeout(silence)
  alive()
  request.send(body)
})

const base64 = text => btoa(String.fromCodePoint(...new TextEncoder().encode(text)))

/** After a cut: a little longer each time, but at once when the network says that it is back. */
const pause = attempt => new Promise(resolve => {
  const limit = setTimeout(resolve, Math.min(30000, 500 * 2 ** attempt))
  addEventListener('online', () => { clearTimeout(limit); resolve() }, {once: true})
})

const refused = answer => answer.status >= 400 && answer.status < 500 && ![404, 408, 409, 410].includes(answer.status)

async function create(file, record) {
  const answer = await ask('POST', say.endpoint, {'Upload-Length': file.size,
    'Upload-Metadata': `filename ${base64(file.name)},filetype ${base64(file.type || 'application/octet-stream')}`})
  if (answer.status !== 201) throw Object.assign(new Error(answer.responseText), {final: refused(answer)})
  record.url = answer.getResponseHeader('Location')
  remember(all => [...all, record])
}

/** Sends what is lacking, however often it is cut. Throws where the server does not want it. */
async function send(file, record, show) {
  for (let attempt = 0; !record.removed; ++attempt) {
    try {
      if (!record.url) await create(file, record)
      const known = await ask('HEAD', record.url)
      if ([404, 410].includes(known.status)) { forget(record); record.url = null; continue }
      if (known.status !== 200) throw Object.assign(new Error(known.responseText), {final: refused(known)})
      let offset = Number(known.getResponseHeader('Upload-Offset'))
      while (offset < file.size && !record.removed) {
        const answer = await ask('PATCH', record.url, {'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream'},
          file.slice(offset, offset + piece), sent => show(offset + sent))
        if (answer.status !== 204) throw Object.assign(new Error(answer.responseText), {final: refused(answer)})
        offset = Number(answer.getResponseHeader('Upload-Offset'))
        attempt = 0
        show(offset)
      }
      return
    } catch (error) {
      if (error.final) throw error
      show(null)
      await pause(attempt)
    }
  }
}

/** The line of a file under its field: name, bar, state, a button to take it out. */
function line(input, record) {
  const list = input.closest('[data-c="file"]').querySelector('ul.files') ??
    input.closest('[data-c="file"]').appendChild(Object.assign(document.createElement('ul'), {className: 'files x'}))
  const item = list.appendChild(document.createElement('li'))
  item.dataset.c = 'upload'
  const name = item.appendChild(document.createElement('span'))
  name.textContent = record.name
  const bar = item.appendChild(document.createElement('progress'))
  bar.max = record.size
  bar.setAttribute('aria-label', record.name)
  const state = item.appendChild(document.createElement('span'))
  state.className = 'small muted'
  state.setAttribute('role', 'status')
  const button = item.appendChild(document.createElement('button'))
  button.type = 'button'
  button.className = 'btn btn--2 btn--sm'
  button.textContent = say.remove
  button.append(Object.assign(document.createElement('span'), {className: 'vh', textContent: ' ' + record.name}))
  button.addEventListener('click', () => remove(input, record, item))
  const told = text => { if (state.textContent !== text) state.textContent = text }
  return {
    item,
    show: sent => {
      if (sent === null) return told(say.waiting)
      bar.value = sent
      told(`${say.sending} ${Math.floor(sent / record.size * 10) * 10} %`)  // heard, not chattered
    },
    done: () => {
      bar.remove()
      told(say.done)
      item.dataset.state = 'done'
      item.append(Object.assign(document.createElement('input'), {type: 'hidden', name: input.name + '.subida', value: record.url.split('/').at(-1)}))
      input.required = false
    },
    again: () => { bar.remove(); told(say.again) },
    failed: why => { bar.remove(); told([why?.trim(), say.failed].filter(Boolean).join(' ')) },
  }
}

function remove(input, record, item) {
  record.removed = true
  item.remove()
  if (!record.url) return
  forget(record)
  ask('DELETE', record.url).catch(() => {})
}

async function begin(input, file) {
  const same = record => record.page === location.pathname && record.field === input.name && record.name === file.name &&
    record.size === file.size && record.modified === file.lastModified
  const record = remembered().find(same) ?? {page: location.pathname, field: input.name, name: file.name, size: file.size, modified: file.lastModified}
  for (const old of form.querySelectorAll(`[data-c="upload"][data-field="${CSS.escape(input.name)}"]`)) {
    if (!input.multiple || old.dataset.name === file.name) old.remove()
  }
  const shown = line(input, record)
  Object.assign(shown.item.dataset, {field: input.name, name: file.name})
  shown.show(0)
  try {
    await send(file, record, shown.show)
    if (!record.removed) shown.done()
  } catch (error) {
    shown.failed(error.message)
    const back = new DataTransfer()
    for (const other of [...input.files, file]) back.items.add(other)
    input.files = back.files
  }
}

/** What an earlier visit of this page has left: complete, or to be gone on with. */
async function restore(input, record) {
  const known = await ask('HEAD', record.url)
  if (known.status !== 200) return forget(record)
  const shown = line(input, record)
  Object.assign(shown.item.dataset, {field: input.name, name: record.name})
  if (Number(known.getResponseHeader('Upload-Offset')) === record.size) shown.done()
  else shown.again()
}

for (const input of form?.querySelectorAll('input[type=file]') ?? []) {
  input.addEventListener('change', () => {
    const files = [...input.files]
    if (!files.some(file => file.size >= Number(say.from))) return
    input.value = ''
    const output = input.parentElement.querySelector('output')
    if (output) output.textContent = output.dataset.none
    for (const file of files) {
      const work = begin(input, file).finally(() => running.delete(work))
      running.add(work)
    }
  })
  for (const record of remembered()) {
    if (record.page === location.pathname && record.field === input.name) restore(input, record).catch(() => {})
  }
}

// The form waits for its files: the button was pressed, and it is pressed again when they are there.
addEventListener('submit', event => {
  if (event.target !== form) return
  if (running.size === 0) {  // what goes with it now is no longer ours to go on with
    const sent = [...form.querySelectorAll('[data-c="upload"] input')].map(input => input.value)
    return remember(all => all.filter(record => !sent.includes(record.url?.split('/').at(-1))))
  }
  event.preventDefault()
  event.stopImmediatePropagation()
  const {submitter} = event
  submitter?.setAttribute('aria-disabled', 'true')
  Promise.all(running).then(() => { submitter?.removeAttribute('aria-disabled'); form.requestSubmit(submitter) })
}, true)
