namespace SqlMl.Sql;

/// <summary>
/// Every keyword of docs.snowflake.com/en/sql-reference/reserved-keywords, those with a limited use included; ASC and DESC,
/// which that page's text reserves outside of its table; ASOF and MATCH_CONDITION, restricted according to
/// docs.snowflake.com/en/sql-reference/constructs/asof-join; and words that begin a clause here or are reserved in ANSI SQL
/// (END, EXCEPT, FETCH, INTERVAL, LIMIT, MATCH_RECOGNIZE, OFFSET, OUTER, OVER, PARTITION, PIVOT, UNPIVOT). A word too many costs
/// a pair of quotes; a word too few, a statement.
/// </summary>
internal static class SnowflakeKeywords
{
    public static HashSet<string> Reserved { get; } = """
        ACCOUNT ALL ALTER AND ANY AS ASC ASOF BETWEEN BY CASE CAST CHECK COLUMN CONNECT CONNECTION
        CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE
        DELETE DESC DISTINCT DROP ELSE END EXCEPT EXISTS FALSE FETCH FOLLOWING FOR FROM FULL GRANT GROUP
        GSCLUSTER HAVING ILIKE IN INCREMENT INNER INSERT INTERSECT INTERVAL INTO IS ISSUE JOIN LATERAL LEFT
        LIKE LIMIT LOCALTIME LOCALTIMESTAMP MATCH_CONDITION MATCH_RECOGNIZE MINUS NATURAL NOT NULL OF OFFSET
        ON OR ORDER ORGANIZATION OUTER OVER PARTITION PIVOT QUALIFY REGEXP REVOKE RIGHT RLIKE ROW ROWS
        SAMPLE SCHEMA SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER TRUE TRY_CAST UNION UNIQUE
        UNPIVOT UPDATE USING VALUES VIEW WHEN WHENEVER WHERE WINDOW WITH
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
