-- Asks for the requests of a file in turn. Each line: an address, and after a tab the cookies to send with it.
-- With TELL in the environment what the answers say of the page cache is counted too, which costs wrk some time.

local threads, asked, at = {}, {}, 0

function setup(thread) table.insert(threads, thread) end

function init(args)
   for line in io.lines(args[1]) do
      local path, cookies = line:match("^([^\t]*)\t?(.*)$")
      local headers = { Host = wrk.headers["Host"], ["X-Forwarded-Proto"] = "https" }
      if cookies ~= "" then headers["Cookie"] = cookies end
      table.insert(asked, wrk.format("GET", path, headers))
   end
   hits, told = 0, 0
end

function request()
   at = at % #asked + 1
   return asked[at]
end

if os.getenv("TELL") then
   response = function(status, headers)
      local said = headers["x-page-cache"] or headers["X-Page-Cache"]
      told = told + 1
      if said and said:match("^hit") then hits = hits + 1 end
   end
end

function done(summary, latency)
   local told, hits, errors = 0, 0, summary.errors
   for _, thread in ipairs(threads) do
      told, hits = told + thread:get("told"), hits + thread:get("hits")
   end
   io.write(string.format(
      '\n{"requests": %d, "microseconds": %d, "p50": %f, "p95": %f, "p99": %f, "told": %d, "hits": %d, "failed": %d}\n',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99),
      told, hits, errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
