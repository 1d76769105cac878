-- gBPF policies in Neovim 0.7 or later. In init.lua: dofile('/path/to/gbpf/editors/neovim/gbpf.lua')
vim.cmd([[autocmd BufNewFile,BufRead *.gbpf setfiletype gbpf]])

vim.api.nvim_create_autocmd('FileType', {
  pattern = 'gbpf',
  callback = function(event)
    vim.bo[event.buf].commentstring = '// %s'
    vim.bo[event.buf].shiftwidth = 4
    vim.bo[event.buf].expandtab = true
    vim.bo[event.buf].omnifunc = 'v:lua.vim.lsp.omnifunc'
    local client = vim.g.gbpf_client
    if client == nil or vim.lsp.get_client_by_id(client) == nil then
      client = vim.lsp.start_client({
        name = 'gbpf',
        cmd = { vim.g.gbpf_path or 'gbpf', 'lsp' },
        root_dir = vim.fn.getcwd(),
      })
      vim.g.gbpf_client = client
    end
    if client ~= nil then
      vim.lsp.buf_attach_client(event.buf, client)
    end
  end,
})
