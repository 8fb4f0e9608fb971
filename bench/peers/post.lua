-- wrk: posts one item after the other out of the file that ITEMS names, one a line; prints the figures as JSON. With PAUSE_MS
-- each connection waits between an answer and its next request, that long in the mean and as Poisson arrivals do: what is
-- offered is then less than could be answered.
local bodies = {}
local pause = tonumber(os.getenv("PAUSE_MS"))
for line in io.lines(os.getenv("ITEMS")) do bodies[#bodies + 1] = line end
local index = 0

function request()
  index = index % #bodies + 1
  return wrk.format("POST", "/grade", { ["content-type"] = "application/json" }, bodies[index])
end

if pause then
  function init() math.randomseed(1) end
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
