-- Shows the calls in a capture of Reservoir (--capture-calls) in Wireshark and tshark, among the packets that they caused.
--
--     tshark -X lua_script:reservoir.lua -r FILE.pcapng
--     tshark -X lua_script:reservoir.lua -r FILE.pcapng -Y 'reservoir.call contains "connect"' -T fields -e reservoir.handle
--
-- Wireshark: copy it into the folder of personal plugins (Help, About, Folders). A call is an IPv4 packet of protocol 253 with a
-- text, a line `key: value` each.

local reservoir = Proto("reservoir", "Reservoir call")

local fields = {
    scenario = ProtoField.string("reservoir.scenario", "Scenario"),
    process = ProtoField.string("reservoir.process", "Process"),
    thread = ProtoField.string("reservoir.thread", "Thread"),
    handle = ProtoField.string("reservoir.handle", "Handle"),
    call = ProtoField.string("reservoir.call", "Call"),
    answer = ProtoField.string("reservoir.answer", "Answer"),
}
for _, field in pairs(fields) do table.insert(reservoir.fields, field) end

function reservoir.dissector(buffer, packet, tree)
    local seen = {}
    local branch = tree:add(reservoir, buffer())
    local at = 0
    for line in buffer():string():gmatch("[^\n]+") do
        local key, value = line:match("^(%l+): (.*)$")
        if key and fields[key] then
            branch:add(fields[key], buffer(at, #line), value)
            seen[key] = value
        end
        at = at + #line + 1
    end
    packet.cols.protocol = "CALL"
    local who = seen.process or "?"
    if seen.thread and seen.thread ~= "main" then who = who .. "." .. seen.thread end
    local info = who .. ": " .. (seen.call or "?")
    if seen.answer then info = info .. " -> " .. seen.answer end
    packet.cols.info = info
    branch:append_text(", " .. info)
    return buffer:len()
end

DissectorTable.get("ip.proto"):add(253, reservoir)
