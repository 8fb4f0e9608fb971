-- wrk: posts one item after the other out of the file that ITEMS names, one a line; prints the figures as JSON. With PAUSE_MS
-- each connection waits between an answer and its next request, that long in the mean and as Poisson arrivals do: what is
-- offered is then less than could be answered.
local requests = {}
local index = 0
local pause = tonumber(os.getenv("PAUSE_MS"))

-- Once, so that wrk takes less of the cores that it shares with what it asks.
function init()
  math.randomseed(1)
  for line in io.lines(os.getenv("ITEMS")) do
    requests[#requests + 1] = wrk.format("POST", "/grade", { ["content-type"] = "application/json" }, line)
  end
end

function request()
  index = index % #requests + 1
  return requests[index]
end

if pause then
  function delay() return math.floor(0.5 - pause * math.log(1 - math.random())) end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requestsPerSecond":%.1f,"p50Ms":%.3f,"p99Ms":%.3f,"p999Ms":%.3f,"failed":%d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency:percentile(99.9) / 1000,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
