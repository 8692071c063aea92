// The part of surface.lua that normalises paths, before anything is decided by them.

/** Paths that this part must see; all others are normal, and cost this one look. */
export const ODD_PATH = String.raw`{ path -m reg -i "//|/\.|\\\\|%2e|%2f|%5c" }`;

/**
 * `normalise_path`: empty and dot segments are removed (RFC 3986, 5.2.4), also where a dot is written %2e; all others
 * stay as they are. 400 for a segment that a server which decodes %2f, %5c or a backslash first, or cuts parameters off
 * (`..;a=b`), would take for a dot segment: what it means depends on the server.
 */
export const PATH_LUA = String.raw`local function dots(text)
  return (text:gsub("%%2[eE]", "."))
end

local function hides_dots(segment)
  local shown = "/" .. dots(segment):gsub("%%2[fF]", "/"):gsub("%%5[cC]", "/"):gsub("\\", "/") .. "/"
  shown = shown:gsub("%%3[bB]", ";"):gsub(";[^/]*", "")
  return shown:find("/../", 1, true) ~= nil or shown:find("/./", 1, true) ~= nil
end

-- nil for one that hides dot segments.
local function normal_path(path)
  local kept, last = {}, ""
  for segment in path:gmatch("/([^/]*)") do
    last = dots(segment)
    if last == ".." then
      kept[#kept] = nil
    elseif last ~= "." and last ~= "" then
      if hides_dots(segment) then return nil end
      kept[#kept + 1] = segment
    end
  end
  local is_folder = last == "" or last == "." or last == ".."
  return "/" .. table.concat(kept, "/") .. (is_folder and #kept > 0 and "/" or "")
end

core.register_action("normalise_path", { "http-req" }, function(txn)
  local path = txn.f:path()
  if not path or path:sub(1, 1) ~= "/" then return end
  local normal = normal_path(path)
  if normal then return txn.http:req_set_path(normal) end
  txn:done(txn:reply({
    status = 400,
    headers = { ["content-type"] = { "application/json" } },
    body = '{"code":"BadRequest","message":"The path hides a dot segment behind an encoded slash or a backslash."}',
  }))
end)
`;
