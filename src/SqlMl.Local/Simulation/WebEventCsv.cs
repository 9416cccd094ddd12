using System.Globalization;

namespace SqlMl.Local.Simulation;

/// <summary>Writes simulated events as CSV with the column names of Snowplow's atomic events, so that a program for those reads these too.</summary>
public static class WebEventCsv
{
    /// <summary>The events: `app_id, event_id, domain_userid, domain_sessionid, derived_tstamp, event_name, page_url`; no value needs quotes.</summary>
    public static void WriteEvents(IEnumerable<WebEvent> events, TextWriter writer)
    {
        writer.Write("app_id,event_id,domain_userid,domain_sessionid,derived_tstamp,event_name,page_url\n");
        foreach (var item in events)
        {
            writer.Write("website,");
            writer.Write(item.EventId);
            writer.Write(',');
            writer.Write(item.Visitor);
            writer.Write(',');
            writer.Write(item.Session);
            writer.Write(',');
            writer.Write(item.Time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
            writer.Write(',');
            writer.Write(item.Name);
            writer.Write(",https://example.com");
            writer.Write(item.Path);
            writer.Write('\n');
        }
    }

    /// <summary>What only the simulation knows: `event_id, probability`, in the events' order.</summary>
    public static void WriteTruth(IEnumerable<WebEvent> events, TextWriter writer)
    {
        writer.Write("event_id,probability\n");
        foreach (var item in events)
        {
            writer.Write(item.EventId);
            writer.Write(',');
            writer.Write(item.Probability.ToString("0.########", CultureInfo.InvariantCulture));
            writer.Write('\n');
        }
    }
}
