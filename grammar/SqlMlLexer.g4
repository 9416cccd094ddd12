// The words and signs of SqlMl. What no rule below knows becomes an error token, so that the lexer itself never fails.
lexer grammar SqlMlLexer;

options { caseInsensitive = true; }

// Reserved words: never a name outside backticks.
AND : 'and';
OR : 'or';
NOT : 'not';
IN : 'in';
IS : 'is';
NULL : 'null';
TRUE : 'true';
FALSE : 'false';
LIKE : 'like';
ILIKE : 'ilike';
BETWEEN : 'between';
CASE : 'case';
WHEN : 'when';
THEN : 'then';
ELSE : 'else';
END : 'end';
AS : 'as';
WHERE : 'where';
ALL : 'all';
AUTO : 'auto';
CUTOFF : 'cutoff';
ANCHOR : 'anchor';

// Units of time: names where no duration can stand.
SECOND : 'second' 's'?;
MINUTE : 'minute' 's'?;
HOUR : 'hour' 's'?;
DAY : 'day' 's'?;
WEEK : 'week' 's'?;
MONTH : 'month' 's'?;
QUARTER : 'quarter' 's'?;
YEAR : 'year' 's'?;

// Words that begin a line of an output.
SCORE : 'score';
PERCENTILE : 'percentile';
DECILE : 'decile';
RAW : 'raw';
CLASS : 'class';
BAND : 'band';
HOLDOUT : 'holdout';
ATTRIBUTE : 'attribute';
REASONS : 'reasons';
KEEP : 'keep';

// Words that begin a declaration or a clause, or belong to one; names elsewhere.
AFTER : 'after';
AGO : 'ago';
ALIGNED : 'aligned';
ALLOW : 'allow';
AS_OF : 'as_of';
AT : 'at';
BEFORE : 'before';
BEST : 'best';
BY : 'by';
COHORT : 'cohort';
COLUMN : 'column';
COMPLETE : 'complete';
COUNT : 'count';
CUT : 'cut';
DAILY : 'daily';
DEFAULT : 'default';
DELAY : 'delay';
DEPTH : 'depth';
EACH : 'each';
ENDING : 'ending';
ENTITY : 'entity';
EVERY : 'every';
EXCEPT : 'except';
EXPECT : 'expect';
EXTERNAL : 'external';
FILE : 'file';
FIRST : 'first';
FOR : 'for';
FROM : 'from';
GIVEN : 'given';
GROUP : 'group';
HISTORY : 'history';
ID : 'id';
IDS : 'ids';
IGNORE : 'ignore';
IMMATURE : 'immature';
IMPORT : 'import';
JOIN : 'join';
KEY : 'key';
KNOWN : 'known';
LABEL : 'label';
LAST : 'last';
LATE : 'late';
LINKS : 'links';
MAP : 'map';
MAX : 'max';
MOST : 'most';
NEXT : 'next';
OBSERVE : 'observe';
OF : 'of';
ON : 'on';
ONLY : 'only';
ORDER : 'order';
OUTPUT : 'output';
OVER : 'over';
PARAM : 'param';
PICKLE : 'pickle';
PLANNED : 'planned';
PREDICT : 'predict';
RANDOM : 'random';
RANK : 'rank';
REPEATED : 'repeated';
REQUIRE : 'require';
RETRAIN : 'retrain';
ROWS : 'rows';
RUNS : 'runs';
SAMPLE : 'sample';
SCHEDULE : 'schedule';
SEED : 'seed';
SINCE : 'since';
SOURCE : 'source';
SPLIT : 'split';
SQL : 'sql';
STATIC : 'static';
STITCH : 'stitch';
STRATIFIED : 'stratified';
TABLE : 'table';
TEST : 'test';
TIME : 'time';
TIMES : 'times';
TO : 'to';
TOP : 'top';
TRAIN : 'train';
UNION : 'union';
UNTIL : 'until';
USING : 'using';
VALID : 'valid';
VAR : 'var';
VIEW : 'view';
WEEKLY : 'weekly';
WITHIN : 'within';
ZONE : 'zone';

// Signs.
LBRACE : '{';
RBRACE : '}';
LPAREN : '(';
RPAREN : ')';
LBRACKET : '[';
RBRACKET : ']';
COMMA : ',';
DOT : '.';
CAST : '::';
COLON : ':';
EQUAL : '=';
NOT_EQUAL : '<>';
LESS_OR_EQUAL : '<=';
LESS : '<';
GREATER_OR_EQUAL : '>=';
GREATER : '>';
PLUS : '+';
MINUS : '-';
STAR : '*';
SLASH : '/';
PERCENT : '%';

// Literals and names.
NUMBER : [0-9]+ ('.' [0-9]+)? ('e' [+-]? [0-9]+)?;
STRING : '\'' (~'\'' | '\'\'')* '\'';
DESCRIPTION : '"' (~["\\\r\n] | '\\' ~[\r\n])* '"';
QUOTED_NAME : '`' ~[`\r\n]+ '`';
WORD : [a-z_] [a-z0-9_]*;

COMMENT : '--' ~[\r\n]* -> skip;
SPACE : [ \t\r\n\uFEFF]+ -> skip;

// Mistakes that are best named where they stand. An unclosed literal ends with its line, so that the next line is read as usual.
UNCLOSED_STRING : '\'' (~['\r\n] | '\'\'')*;
UNCLOSED_DESCRIPTION : '"' (~["\\\r\n] | '\\' ~[\r\n])* '\\'?;
UNCLOSED_QUOTED_NAME : '`' ~[`\r\n]*;
EMPTY_QUOTED_NAME : '``';
FOREIGN_SIGN : '!=' | '==' | '&&' | '||' | ';';
UNEXPECTED : .;
