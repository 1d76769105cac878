-- A session with the language server, as an editor has it: open a policy that is wrong, read why, mend it, ask, lay it out.
--   nvim --clean --headless -c 'luafile editors/neovim/session.lua'
-- The variable GBPF names the command; ./gbpf unless it is set. Ends with 1 when something does not come.
local here = debug.getinfo(1, 'S').source:sub(2):match('^(.*)/[^/]*$') or '.'
vim.g.gbpf_path = os.getenv('GBPF') or './gbpf'
dofile(here .. '/gbpf.lua')

local function say(text)
  io.stdout:write(text .. '\n')
end

local function wait(what, condition)
  if not vim.wait(60000, condition, 50) then
    say('no ' .. what)
    vim.cmd('cquit')
  end
end

local file = vim.fn.tempname() .. '/least_served.gbpf'
vim.fn.mkdir(vim.fn.fnamemodify(file, ':h'), 'p')
vim.fn.writefile({
  'policy least_served;',
  'const QUEUE = 1;',
  'map used: hash<u32, u64>[MAX_TENANTS];',
  'hook on_submit(ctx) {',
  '    dsq_insert_vtime(QUEUE, used[ctx.tenant]);',
  '    return ENQUEUE;',
  '}',
}, file)
vim.cmd('edit ' .. file)

local function request(method, line, character)
  local parameters = {
    textDocument = { uri = vim.uri_from_bufnr(0) },
    position = { line = line, character = character },
    options = { tabSize = 4, insertSpaces = true },
  }
  local answers, problem = vim.lsp.buf_request_sync(0, 'textDocument/' .. method, parameters, 60000)
  if answers == nil then
    say(method .. ': ' .. tostring(problem))
    vim.cmd('cquit')
  end
  for _, answer in pairs(answers) do
    return answer.result
  end
end

say('== what is wrong')
wait('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
for _, d in ipairs(vim.diagnostic.get(0)) do
  say(string.format('%d:%d %s %s', d.lnum + 1, d.col + 1, tostring(d.code or (d.user_data or {}).lsp and d.user_data.lsp.code), d.message))
end

say('== mended')
vim.api.nvim_buf_set_lines(0, 4, 5, false, { '    dsq_insert_vtime(QUEUE, used[ctx.tenant] else 0);' })
wait('end of the diagnostics', function() return #vim.diagnostic.get(0) == 0 end)
say('no diagnostics')

say('== hover: on_submit, tenant')
say(request('hover', 3, 7).contents.value)
say(request('hover', 4, 38).contents.value)

say('== completion after ctx.')
vim.api.nvim_buf_set_lines(0, 5, 5, false, { '    let x = ctx.' })
local labels = {}
for _, item in ipairs(request('completion', 5, 16)) do
  table.insert(labels, item.label)
end
say(table.concat(labels, ' '))
vim.api.nvim_buf_set_lines(0, 5, 6, false, {})

say('== definition of used')
local place = request('definition', 4, 30)[1].range.start
say(string.format('line %d, column %d', place.line + 1, place.character + 1))

say('== laid out')
vim.lsp.buf.formatting_sync(nil, 60000)
say(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'))
vim.cmd('qall!')
