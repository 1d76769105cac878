;;; gbpf-mode.el --- gBPF policies in Emacs 29 or later, with eglot  -*- lexical-binding: t; -*-
;;; Commentary:
;; (load "/path/to/gbpf/editors/emacs/gbpf-mode.el"), and M-x eglot in a policy.
;;; Code:
(require 'eglot)

(defvar gbpf-command "gbpf" "The gbpf command that is started as the language server.")

(defvar gbpf-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?_ "w" table)
    table)
  "Comments as in C.")

(define-derived-mode gbpf-mode prog-mode "gBPF"
  "Major mode for gBPF policies."
  (setq-local comment-start "// ")
  (setq-local comment-end "")
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width 4)
  (setq-local fill-column 100))

(add-to-list 'auto-mode-alist '("\\.gbpf\\'" . gbpf-mode))
(add-to-list 'eglot-server-programs (cons 'gbpf-mode (lambda (&rest _) (list gbpf-command "lsp"))))

(provide 'gbpf-mode)
;;; gbpf-mode.el ends here
