/*
 * The policy language. docs/language.md is its reference; this grammar fixes the shape only. What can be said better by a
 * message of our own than by "mismatched input" is accepted here and refused later: any operation stands where a target of
 * an assignment may stand, and names of types, hooks and kinds of maps are plain identifiers.
 *
 * The locals are what AstBuilder has made of a rule's text when the rule's own tree is dropped, at the rule's end.
 */
grammar Gbpf;

@parser::header {
import dev.gbpf.lang.ast.*;
}

policy
    : (('policy' | 'module') ID ';')? declaration* EOF
    ;

declaration
    : importDeclaration
    | constant
    | struct
    | map
    | function
    | hook
    | test
    ;

// The name of a module of the standard library, or the path of a file.
importDeclaration
    : 'import' (path=ID | STRING) ('as' alias=ID)? ';'
    ;

constant
    : 'const' ID typeClause? '=' expression ';'
    ;

// Layouts of map values. The order of the fields is that of the bytes.
struct
    : 'struct' ID '{' (structField (',' structField)* ','?)? '}'
    ;

structField
locals [Declaration.Struct.Field built]
    : ID ':' ID
    ;

map
    : 'map' ID ':' kind=ID '<' types+=ID (',' types+=ID)* '>' '[' capacity=operation ']' ';'
    ;

function
    : 'fn' name=ID '(' (parameter (',' parameter)*)? ')' ('->' result=ID)? block
    ;

parameter
locals [Declaration.Parameter built]
    : ID ':' ID
    ;

hook
    : 'hook' name=ID '(' context=ID ')' block
    ;

// Tests of the policy; "test", "given", "expect" and "at" are keywords only where a declaration or a step begins.
test
locals [java.util.List<TestStep> steps = new java.util.ArrayList<>()]
    : 'test' STRING '{' step* '}'
    ;

step
locals [java.util.List<TestStep> givens = new java.util.ArrayList<>()]
    : 'given' given (',' given)* ';'
    | 'expect' value ';'
    | 'at' operation ';'
    | invocation ';'
    | 'let' ID '=' invocation ';'
    | 'let' ID typeClause? '=' expression ';'
    ;

given
    : operation ('=' value)?                                            # givenEntry
    | 'delete' operation                                                # givenAbsent
    | ID '=' '[' (expression (',' expression)* ','?)? ']'               # givenList
    | ID operation '=' '[' (fields (',' fields)* ','?)? ']'             # givenQueue
    ;

invocation
    : ID fields
    ;

fields
locals [TestStep.Fields built]
    : '{' (field (',' field)* ','?)? '}'
    ;

field
locals [TestStep.Field built]
    : ID ':' value
    ;

typeClause
    : ':' ID
    ;

block
locals [java.util.List<Statement> statements = new java.util.ArrayList<>()]
    : '{' statement* '}'
    ;

statement
    : variable
    | delete
    | conditional
    | loop
    | matchStatement
    | breakStatement
    | continueStatement
    | returnStatement
    | block
    | assignment
    ;

variable
    : ('let' | 'var') ID typeClause? '=' value (';' | 'else' block)
    ;

delete
    : 'delete' operation ';'
    ;

conditional
    : 'if' condition block ('else' 'if' condition block)* ('else' block)?
    ;

condition
    : 'let' ID '=' operation
    | expression
    ;

loop
    : 'for' ID (',' ID)? 'in' operation (('..' | '..=') operation ('max' operation)?)? block
    ;

matchStatement
    : 'match' operation '{' matchBlock* '}'
    ;

matchBlock
locals [MatchArm<Block> built]
    : patterns '=>' block
    ;

matchValue
locals [MatchArm<Expression> built]
    : patterns '=>' expression
    ;

patterns
    : pattern ('|' pattern)*
    ;

// The name "_" stands for every value.
pattern
    : from=patternValue (operator=('..' | '..=') to=patternValue)?
    ;

// A bitwise or of constants needs parentheses.
patternValue
    : '-'? NUMBER
    | 'true'
    | 'false'
    | ID
    | '(' operation ')'
    ;

breakStatement
    : 'break' ';'
    ;

continueStatement
    : 'continue' ';'
    ;

returnStatement
    : 'return' expression? ';'
    ;

assignment
    : operation (assignmentOperator value (';' | 'else' block) | 'else' block | ';')
    ;

assignmentOperator
    : '='
    | '+='
    | '-='
    | '*='
    | '/='
    | '%='
    | '&='
    | '|='
    | '^='
    | '<<='
    | '>>='
    | '*|='
    | '+|='
    | '-|='
    ;

// An expression, or one that ends with a struct and its fields. Not an operation: a condition is followed by a brace, too.
value
locals [Expression built]
    : expression fields?
    ;

// "map[key] else fallback", "pop(queue) else fallback", "a +? b else fallback": the fallback reaches as far as it can, and only
// an unparenthesised map read or call, or an operation with checked operators, may have one.
expression
locals [Expression built]
    : operation ('else' expression)?
    ;

operation
    : primary                                                           # simple
    | operator=('-' | '!' | '~') operation                              # unary
    | operation 'as' ID                                                 # cast
    | operation operator=('*' | '/' | '%' | '*|' | '*?') operation      # binary
    | operation operator=('+' | '-' | '+|' | '-|' | '+?' | '-?') operation # binary
    | operation operator=('<<' | '>>') operation                        # binary
    | operation operator='&' operation                                  # binary
    | operation operator='^' operation                                  # binary
    | operation operator='|' operation                                  # binary
    | operation operator=('==' | '!=' | '<' | '<=' | '>' | '>=') operation # binary
    | operation operator='&&' operation                                 # binary
    | operation operator='||' operation                                 # binary
    ;

primary
    : NUMBER                                                            # number
    | 'true'                                                            # true
    | 'false'                                                           # false
    | ID                                                                # name
    | ID ('.' ID)+                                                      # member
    | ID '[' expression ']' ('.' ID)*                                   # index
    | (ID | 'min' | 'max') '(' (value (',' value)*)? ')'                # call
    | 'match' operation '{' (matchValue (',' matchValue)* ','?)? '}'    # match
    | '(' expression ')'                                                # group
    ;

POLICY : 'policy';
MODULE : 'module';
IMPORT : 'import';
CONST : 'const';
STRUCT : 'struct';
MAP : 'map';
FN : 'fn';
HOOK : 'hook';
LET : 'let';
VAR : 'var';
DELETE : 'delete';
IF : 'if';
ELSE : 'else';
FOR : 'for';
MATCH : 'match';
IN : 'in';
MAX : 'max';
MIN : 'min';
BREAK : 'break';
CONTINUE : 'continue';
RETURN : 'return';
TRUE : 'true';
FALSE : 'false';
TEST : 'test';
GIVEN : 'given';
EXPECT : 'expect';
AT : 'at';
AS : 'as';

ARROW : '->';
FAT_ARROW : '=>';
COLON : ':';
SEMICOLON : ';';
COMMA : ',';
RANGE : '..';
RANGE_INCLUSIVE : '..=';
DOT : '.';
OPEN_BRACE : '{';
CLOSE_BRACE : '}';
OPEN_PAREN : '(';
CLOSE_PAREN : ')';
OPEN_BRACKET : '[';
CLOSE_BRACKET : ']';

ASSIGN : '=';
ADD_ASSIGN : '+=';
SUB_ASSIGN : '-=';
MUL_ASSIGN : '*=';
DIV_ASSIGN : '/=';
MOD_ASSIGN : '%=';
AND_ASSIGN : '&=';
OR_ASSIGN : '|=';
XOR_ASSIGN : '^=';
LSH_ASSIGN : '<<=';
RSH_ASSIGN : '>>=';
MUL_SATURATING_ASSIGN : '*|=';
ADD_SATURATING_ASSIGN : '+|=';
SUB_SATURATING_ASSIGN : '-|=';

ADD : '+';
SUB : '-';
MUL : '*';
DIV : '/';
MOD : '%';
ADD_SATURATING : '+|';
SUB_SATURATING : '-|';
MUL_SATURATING : '*|';
ADD_CHECKED : '+?';
SUB_CHECKED : '-?';
MUL_CHECKED : '*?';
AND : '&';
OR : '|';
XOR : '^';
NOT : '~';
BANG : '!';
LSH : '<<';
RSH : '>>';
EQ : '==';
NE : '!=';
LT : '<';
LE : '<=';
GT : '>';
GE : '>=';
AND_AND : '&&';
OR_OR : '||';

// A name, perhaps with that of a module before it.
ID : [A-Za-z_] [A-Za-z0-9_]* ('::' [A-Za-z_] [A-Za-z0-9_]*)?;
// Digits, base prefix and unit in one token, so that a wrong one can be named as a whole.
NUMBER : [0-9] [A-Za-z0-9_]*;

// The title of a test, or the path of an import.
STRING : '"' ~["\r\n]* '"';

// Not seen by the parser; the formatter keeps them.
LINE_COMMENT : '//' ~[\r\n]* -> channel(HIDDEN);
BLOCK_COMMENT : '/*' .*? '*/' -> channel(HIDDEN);
// Shorter than a comment that is closed, so it matches only one that is not.
UNTERMINATED_COMMENT : '/*' (~'*' | '*'+ ~[*/])* '*'*;
BLANK : [ \t\r\n\f]+ -> skip;
// Everything else: one token each, so that the lexer itself never fails.
UNEXPECTED : . ;
