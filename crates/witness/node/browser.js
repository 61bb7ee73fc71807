// A browser as far as HTTP goes: tabs with six connections each, kept and used again, that read pages,
// long answers and slow ones, and send forms and streams. It goes on until its input ends, and tells
// then for each thing that it did what was wrong. node browser.js URL
const origin = process.argv[2]
const WORKERS = 6 * 6
const TOLD = 5

const told = new Map()
const versions = new Set()
let isOver = false

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const upTo = (most) => 1 + Math.floor(Math.random() * most)

class Wrong extends Error {}

function expect (isSo, what) {
  if (!isSo) throw new Wrong(what)
}

async function ask (path, options) {
  const response = await fetch(new URL(path, origin), options)
  expect(response.status === 200, `status ${response.status}`)
  const version = response.headers.get('x-version')
  expect(version, 'an answer without a version')
  versions.add(version)
  return { response, version }
}

function expectLines (text, version, count) {
  const lines = text.split('\n')
  expect(lines.length === count + 1 && lines[count] === '', `${lines.length - 1} lines, not ${count}`)
  for (let line = 0; line < count; line++) {
    expect(lines[line] === `${version} ${line}`, `line ${line} of ${version} is ${lines[line]}`)
  }
}

function bytes (length) {
  const sent = Buffer.alloc(length)
  let seed = upTo(1e9)
  for (let at = 0; at < length; at++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    sent[at] = seed >>> 24
  }
  return sent
}

function expectSame (received, sent) {
  expect(sent.equals(Buffer.from(received)), `${received.byteLength} bytes of ${sent.length} came back`)
}

// A body whose length nobody tells: it goes out in chunks.
function stream (sent, size, wait) {
  let at = 0
  return new ReadableStream({
    async pull (controller) {
      if (wait) await pause(wait)
      const end = Math.min(at + upTo(size), sent.length)
      controller.enqueue(new Uint8Array(sent.subarray(at, end)))
      at = end
      if (at === sent.length) controller.close()
    }
  })
}

async function upload (sent, body, options) {
  const { response } = await ask('/echo', { method: 'POST', body, ...options })
  expectSame(await response.arrayBuffer(), sent)
}

const jobs = {
  async 'a page' () {
    const { response, version } = await ask('/')
    expect((await response.json()).version === version, 'the page of another version')
  },
  async 'a page asked for its head' () {
    const { response } = await ask('/', { method: 'HEAD' })
    expect((await response.text()) === '', 'a body')
  },
  async 'a long answer' () {
    const count = upTo(20000)
    const { response, version } = await ask(`/lines?n=${count}`)
    expectLines(await response.text(), version, count)
  },
  async 'a long answer read slowly' () {
    const count = 50000
    const { response, version } = await ask(`/lines?n=${count}`)
    const pieces = []
    for await (const piece of response.body) {
      pieces.push(piece)
      await pause(upTo(20))
    }
    expectLines(Buffer.concat(pieces).toString(), version, count)
  },
  async 'a slow answer' () {
    const { response } = await ask('/slow?ms=700')
    const text = await response.text()
    expect(/^[.]+$/.test(text), `${text.length} characters, not dots alone`)
  },
  async 'a form' () {
    const sent = bytes(upTo(300000))
    await upload(sent, sent)
  },
  async 'an upload in chunks' () {
    const sent = bytes(upTo(500000))
    await upload(sent, stream(sent, 60000, 0), { duplex: 'half' })
  },
  async 'an upload that nobody reads' () {
    const { response, version } = await ask('/', { method: 'POST', body: bytes(upTo(3000000)) })
    expect((await response.json()).version === version, 'the page of another version')
  },
  async 'a slow upload' () {
    const sent = bytes(4000)
    await upload(sent, stream(sent, 1000, 100), { duplex: 'half' })
  }
}

function why (error) {
  return error.cause ? `${error.message}: ${error.cause.message}` : error.message
}

async function work () {
  const names = Object.keys(jobs)
  while (!isOver) {
    const name = names[upTo(names.length) - 1]
    const tale = told.get(name)
    tale.count++
    await jobs[name]().catch((error) => tale.faults.push(why(error)))
    await pause(upTo(200))
  }
}

function tell () {
  for (const [name, { count, faults }] of told) {
    if (count === 0) faults.push('it was never tried')
    const more = faults.length > TOLD ? [`${faults.length} in all`] : []
    const Faults = [...faults.slice(0, TOLD), ...more]
    console.log(JSON.stringify({ Check: `browser: ${name}`, Faults }))
  }
  const Faults = versions.size > 1 ? [] : [`only ${[...versions]} answered`]
  console.log(JSON.stringify({ Check: 'browser: each version answers', Faults }))
}

for (const name of Object.keys(jobs)) told.set(name, { count: 0, faults: [] })
process.stdin.on('end', () => { isOver = true }).resume()
Promise.all(Array.from({ length: WORKERS }, work)).then(tell).then(() => process.exit(0))
