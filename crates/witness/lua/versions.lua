-- For wrk: reads every answer's lines, which all have to be of the version in its header. Each
-- connection rests between its requests, so that the balancer is busy and not swamped.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  answers, wrong, example, versions = 0, 0, "", ""
end

function delay()
  return math.random(150, 450)
end

local function fault(status, headers, body)
  local version = headers["x-version"]
  if status ~= 200 then return "status " .. status end
  if not version then return "an answer without a version" end
  if not versions:find(version, 1, true) then versions = versions .. version .. " " end
  local count = 0
  for line in body:gmatch("[^\n]*\n") do
    if line ~= version .. " " .. count .. "\n" then
      return "line " .. count .. " of " .. version .. " is " .. line
    end
    count = count + 1
  end
  if count ~= 40 then return count .. " lines" end
end

function response(status, headers, body)
  answers = answers + 1
  local found = fault(status, headers, body)
  if found then
    wrong = wrong + 1
    example = found
  end
end

local function tell(check, fault)
  local text = fault and '"' .. fault:gsub('[%c"\\]', " ") .. '"' or ""
  print(string.format('{"Check": "wrk: %s", "Faults": [%s]}', check, text))
end

function done(summary)
  local total, bad, last, seen = 0, 0, "", {}
  for _, thread in ipairs(threads) do
    total, bad = total + thread:get("answers"), bad + thread:get("wrong")
    if thread:get("example") ~= "" then last = thread:get("example") end
    for version in thread:get("versions"):gmatch("%S+") do seen[version] = true end
  end
  tell("each answer is whole and of one version",
    (total == 0 or bad > 0) and string.format("%d of %d: %s", bad, total, last) or nil)
  for _, kind in ipairs({ "connect", "read", "write", "status", "timeout" }) do
    local count = summary.errors[kind]
    tell("no failed " .. kind, count > 0 and count .. " failed" or nil)
  end
  local versions = 0
  for _ in pairs(seen) do versions = versions + 1 end
  tell("each version answers", versions < 2 and "only " .. versions .. " answered" or nil)
end
