// Serves dynalite's tables on a port of the system's choice; its own command can't be asked for that.
const server = require('dynalite')({ createTableMs: 0 })

server.listen(0, '127.0.0.1', () => {
  console.log(`serves at http://127.0.0.1:${server.address().port}`)
})
