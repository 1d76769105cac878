// The client: it starts `gbpf lsp` and leaves the rest to it.
const vscode = require('vscode');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

let client;

exports.activate = async function activate(context) {
  const command = vscode.workspace.getConfiguration('gbpf').get('path') || 'gbpf';
  client = new LanguageClient(
    'gbpf',
    'gBPF policies',
    { command, args: ['lsp'], transport: TransportKind.stdio },
    { documentSelector: [{ language: 'gbpf' }] },
  );
  context.subscriptions.push({ dispose: () => client && client.stop() });
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(
      `gBPF: cannot start "${command} lsp": ${error.message}. Set gbpf.path to the gbpf command.`,
    );
  }
};

exports.deactivate = function deactivate() {
  return client ? client.stop() : undefined;
};
