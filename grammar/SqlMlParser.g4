// SqlMl. One rule a construct; almost every choice is made on one token of look-ahead, which is what lets a
// message say what would have fitted. Where the tree is built, `src/SqlMl.Syntax/Building` says what each rule becomes.
parser grammar SqlMlParser;

options { tokenVocab = SqlMlLexer; }

// The five rules with `catch` are where parsing goes on after an error: src/SqlMl.Syntax/Parsing/RecoveringStrategy.cs.
@parser::header { using SqlMl.Syntax.Parsing; }

program : declaration* EOF;

declaration
  : SOURCE name (sourceBlock | EQUAL derivedSource)                                                # sourceDeclaration
  | ENTITY name (FROM path BY nameList (SINCE path)?)? entityBlock?                                # entityDeclaration
  | VAR name (DOT name)+ EQUAL value                                                               # varDeclaration
  | PREDICT name FOR path predictBlock                                                             # predictDeclaration
  | VIEW name FOR path LBRACE viewItem (COMMA viewItem)* RBRACE                                    # viewDeclaration
  | COHORT name FOR path EQUAL expression                                                          # cohortDeclaration
  | PARAM name EQUAL expression                                                                    # paramDeclaration
  | IMPORT STRING (AS name)?                                                                       # importDeclaration
  | TEST STRING FOR path LBRACE testRows* AT STRING (ENTITY literals)? EXPECT expectation (COMMA expectation)* RBRACE  # testDeclaration
  ;
  catch [RecognitionException e] { RecoverLine(_localctx, e); }
  catch [AbandonedLine e] { RecoverLine(_localctx, e.Cause); }

viewItem : ALL | path;
testRows : ROWS path LPAREN nameList RPAREN testRow (COMMA testRow)*;
testRow : LPAREN literals RPAREN;
expectation : path EQUAL literal;

// ---- sources and entities

derivedSource
  : UNION OF pathList                                                            # unionSource
  | GROUP path BY pathList LBRACE namedExpression+ RBRACE                        # groupSource
  | SQL LBRACE dialectText+ RBRACE                                               # sqlSource
  ;

namedExpression : name EQUAL expression;
dialectText : name STRING;

sourceBlock : LBRACE sourceClause* RBRACE;

sourceClause
  : TABLE (PARAM path | tableName)                       # tableClause
  | FILE STRING                                          # fileClause
  | FROM path                                            # fromClause
  | ENTITY path BY entityKey (COMMA entityKey)*          # keyedEntityClause
  | IDS idColumn (COMMA idColumn)*                       # idsClause
  | TIME expression (ZONE STRING)?                       # timeClause
  | KNOWN AT expression (WITHIN duration)?               # knownClause
  | DELAY duration                                       # delayClause
  | COMPLETE UNTIL instant                               # completeClause
  | KEY pathList                                         # keyClause
  | LATE pathList (AT expression)?                       # lateClause
  | PLANNED                                              # plannedClause
  | JOIN EACH? path (AS name)? ON joinKey (COMMA joinKey)*  # joinClause
  | WHERE expression                                     # whereClause
  | COLUMN name EQUAL expression                         # columnClause
  | VALID FROM expression TO expression                  # validClause
  | ORDER BY path                                        # orderClause
  | STATIC                                               # staticClause
  ;
  catch [RecognitionException e] { RecoverLine(_localctx, e); }
  catch [AbandonedLine e] { RecoverLine(_localctx, e.Cause); }

// `table param x` reads a param; a table that is itself called `param` needs a path or backticks.
tableName : (WORD | QUOTED_NAME | unitWord | outputWord | clauseWord | AT | CUT) (DOT name)* | PARAM (DOT name)+;
entityKey : path (CAST cast=name)? (AS side=name)?;
idColumn : name (EQUAL expression)?;
joinKey : path (EQUAL path)?;

entityBlock : LBRACE entityClause* RBRACE;

entityClause
  : ID name FROM nameList       # idClause
  | IGNORE expression           # ignoreClause
  | AT MOST NUMBER LINKS        # linkLimitClause
  | STITCH AS OF                # stitchClause
  ;
  catch [RecognitionException e] { RecoverLine(_localctx, e); }
  catch [AbandonedLine e] { RecoverLine(_localctx, e.Cause); }

// ---- predictions

predictBlock : LBRACE predictClause* RBRACE;

predictClause
  : LABEL value                                             # labelClause
  | VAR name EQUAL value                                    # modelVarClause
  | WHEN expression                                         # whenClause
  | GIVEN expression                                        # givenClause
  | OBSERVE observation                                     # observeClause
  | UNTIL firstCall                                         # untilClause
  | SAMPLE NUMBER ROWS                                      # sampleClause
  | ALLOW IMMATURE                                          # allowImmatureClause
  | REQUIRE HISTORY duration                                # requireHistoryClause
  | USING features                                          # usingClause
  | TRAIN trainer                                           # trainClause
  | SPLIT split                                             # splitClause
  | RETRAIN AFTER duration                                  # retrainClause
  | SCHEDULE SCORE (DAILY (AT STRING)? | WEEKLY | EVERY duration)  # scheduleClause
  | SCORE ONLY WHEN expression                              # scoreOnlyClause
  | RANK TOP NUMBER path IN NEXT duration                   # rankClause
  | OUTPUT outputBlock                                      # outputClause
  ;
  catch [RecognitionException e] { RecoverLine(_localctx, e); }
  catch [AbandonedLine e] { RecoverLine(_localctx, e.Cause); }

observation
  : EVERY duration (ALIGNED TO STRING)? bounds? (COUNT NUMBER)?                       # gridObservation
  | AT (eachRow bounds? | instants)                                                   # atObservation
  | BEFORE eachRow bounds?                                                            # beforeObservation
  | duration (BEFORE eachRow | AFTER (firstCall | eachRow)) bounds?                   # offsetObservation
  ;

eachRow : EACH path (WHERE expression)?;
firstCall : FIRST LPAREN arguments RPAREN;
instants : STRING (COMMA STRING)*;
bounds : FROM instant (UNTIL instant)? | UNTIL instant;
instant : STRING | AS_OF ((PLUS | MINUS) duration)?;

features
  : ALL (COMMA feature)* (EXCEPT pathList)?
  | AUTO depth? maximum?
  | feature (COMMA feature)*
  ;
depth : DEPTH NUMBER;
maximum : MAX NUMBER;
feature : featurePath (AS name)?;
featurePath : (name | ANCHOR) (DOT name)*;

trainer
  : EXTERNAL STRING (LBRACE externalOption* RBRACE)?      # externalTrainer
  | BEST OF nameList BY name                              # bestOfTrainer
  | name (LBRACE trainerParameter* RBRACE)?               # namedTrainer
  ;
externalOption : MAP mapping+ | ALLOW PICKLE;
mapping : name EQUAL name;
trainerParameter : name parameterValue;
parameterValue : MINUS? NUMBER | STRING | TRUE | FALSE | name;

split
  : BY (TIME parts | ENTITY parts seed?)      # shareSplit
  | RANDOM parts seed? STRATIFIED?            # randomSplit
  | AT instants                               # instantSplit
  ;
parts : NUMBER (SLASH NUMBER)+;
seed : SEED NUMBER;

outputBlock : LBRACE outputColumn* RBRACE;

outputColumn
  : (SCORE | PERCENTILE | DECILE | RAW | CLASS | BAND | HOLDOUT) columnName? outputOption? DESCRIPTION?  # scoredColumn
  | ATTRIBUTE name name DESCRIPTION?                                                                     # attributeColumn
  | REASONS TOP NUMBER                                                                                   # reasonsColumn
  | KEEP LAST NUMBER RUNS                                                                                # keepColumn
  ;
  catch [RecognitionException e] { RecoverLine(_localctx, e); }
  catch [AbandonedLine e] { RecoverLine(_localctx, e.Cause); }
outputOption : AT (BEST name | NUMBER | name NUMBER) | CUT NUMBER (COMMA NUMBER)* | NUMBER PERCENT;

// ---- values and expressions

value : expression pivot? repetition? defaultValue? DESCRIPTION?;
repetition : REPEATED NUMBER TIMES;
defaultValue : DEFAULT expression;

pivot : BY path (IN LPAREN literals RPAREN | TOP NUMBER)? (OVER lengths)?;

expression : conjunction (OR conjunction)*;
conjunction : negation (AND negation)*;
negation : NOT* comparison;
comparison : sum comparisonTail?;
comparisonTail
  : (EQUAL | NOT_EQUAL | LESS | LESS_OR_EQUAL | GREATER | GREATER_OR_EQUAL) sum
  | IS NOT? NULL
  | NOT? (BETWEEN sum AND sum | IN LPAREN expressions RPAREN | (LIKE | ILIKE) sum)
  ;
sum : product ((PLUS | MINUS) product)*;
product : factor ((STAR | SLASH | PERCENT) factor)*;
factor : MINUS* (elapsed | postfix);

// `days since last(x)`: the unit is a name wherever `since` or `until` does not follow.
elapsed : unitWord (SINCE | UNTIL) postfix;

// A window behind a literal belongs to the comparison that the literal ends: `anchor.status = 'late' in next 7 days`.
postfix : (reference | constant) suffix* window?;
reference
  : name call?                                            # nameOrCall
  | CUTOFF                                                # cutoffName
  | ANCHOR                                                # anchorName
  | LPAREN expression RPAREN                              # bracketed
  ;
constant
  : NUMBER unitWord?                                      # numberOrDuration
  | STRING                                                # stringConstant
  | (TRUE | FALSE)                                        # booleanConstant
  | NULL                                                  # nullConstant
  | LBRACKET expressions RBRACKET                         # arrayConstant
  | CASE caseOperand? caseBranch+ caseElse? END           # caseExpression
  | RAW LBRACE dialectText+ RBRACE                        # rawExpression
  ;
caseOperand : expression;
caseElse : ELSE expression;
caseBranch : WHEN expression THEN expression;
call : LPAREN arguments? RPAREN;
arguments : STAR (WHERE expression)? | expressions (AS name)? (WHERE expression)?;
expressions : expression (COMMA expression)*;
suffix : DOT name call? | COLON name | CAST name | LBRACKET (NUMBER | STRING) RBRACKET;

// A list of lengths is a family. It may stand only where a value ends; the tree builder says so where it does not.
window
  : OVER lengths (ENDING duration AGO)?                   # overWindow
  | IN NEXT lengths (AFTER duration)?                     # inNextWindow
  | AFTER duration                                        # afterWindow
  ;
lengths : NUMBER (COMMA NUMBER)* unitWord | lengthName;
duration : NUMBER unitWord | lengthName;
lengthName : PARAM path | (WORD | QUOTED_NAME) (DOT name)*;

literal : MINUS? NUMBER | STRING | NULL | TRUE | FALSE | LBRACKET literals RBRACKET;
literals : literal (COMMA literal)*;

// ---- names: `path` also where a declaration is named, which may lie in an import (`shop.orders`).

nameList : name (COMMA name)*;
pathList : path (COMMA path)*;
path : name (DOT name)*;
name : WORD | QUOTED_NAME | PARAM | unitWord | outputWord | clauseWord | AT | CUT;

// A column's name in an output: not a word that begins the next line or an option.
columnName : WORD | QUOTED_NAME | PARAM | unitWord | clauseWord;

unitWord : SECOND | MINUTE | HOUR | DAY | WEEK | MONTH | QUARTER | YEAR;
outputWord : SCORE | PERCENTILE | DECILE | RAW | CLASS | BAND | HOLDOUT | ATTRIBUTE | REASONS | KEEP;
clauseWord
  : AFTER | AGO | ALIGNED | ALLOW | AS_OF | BEFORE | BEST | BY | COHORT | COLUMN | COMPLETE | COUNT | DAILY | DEFAULT | DELAY
  | DEPTH | EACH | ENDING | ENTITY | EVERY | EXCEPT | EXPECT | EXTERNAL | FILE | FIRST | FOR | FROM | GIVEN | GROUP | HISTORY
  | ID | IDS | IGNORE | IMMATURE | IMPORT | JOIN | KEY | KNOWN | LABEL | LAST | LATE | LINKS | MAP | MAX | MOST | NEXT | OBSERVE
  | OF | ON | ONLY | ORDER | OUTPUT | OVER | PICKLE | PLANNED | PREDICT | RANDOM | RANK | REPEATED | REQUIRE | RETRAIN | ROWS
  | RUNS | SAMPLE | SCHEDULE | SEED | SINCE | SOURCE | SPLIT | SQL | STATIC | STITCH | STRATIFIED | TABLE | TEST | TIME | TIMES
  | TO | TOP | TRAIN | UNION | UNTIL | USING | VALID | VAR | VIEW | WEEKLY | WITHIN | ZONE
  ;
