-- wrk: posts one item after the other out of the file that ITEMS names, one a line; prints the figures as JSON.
local bodies = {}
for line in io.lines(os.getenv("ITEMS")) do bodies[#bodies + 1] = line end
local index = 0

function request()
  index = index % #bodies + 1
  return wrk.format("POST", "/grade", { ["content-type"] = "application/json" }, bodies[index])
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requestsPerSecond":%.1f,"p50Ms":%.3f,"p99Ms":%.3f,"failed":%d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
