package chase.carbon.fuelmix;

/** A page of each operator in the form that it documents, of 2026-11-20T00:15:00Z or so. */
final class DocumentedPages {
  private DocumentedPages() {}

  static String of(GridOperator operator) {
    return switch (operator) {
      case CAISO ->
          """
          Time,Solar,Wind,Geothermal,Biomass,Biogas,Small hydro,Coal,Nuclear,Natural Gas,Large Hydro,Batteries,Imports,Other
          16:10,-22,4692,795,271,164,268,0,2253,14639,3176,645,4028,0
          16:15,15,4607,794,271,164,259,0,2252,14669,2778,-1381,4044,0
          16:20,,,,,,,,,,,,,
          """;
      case ERCOT ->
          """
          {"lastUpdated":"2026-11-19 18:16:00-0600","data":{"2026-11-19":{
           "2026-11-19 18:14:58-0600":{"Coal and Lignite":{"gen":8000.1},"Hydro":{"gen":50},
            "Natural Gas":{"gen":25000},"Nuclear":{"gen":5000},"Other":{"gen":0},
            "Power Storage":{"gen":-300.5},"Solar":{"gen":0.2},"Wind":{"gen":15000}},
           "2026-11-19 18:09:57-0600":{"Coal and Lignite":{"gen":8001},"Hydro":{"gen":50},
            "Natural Gas":{"gen":25010},"Nuclear":{"gen":5000},"Other":{"gen":0},
            "Power Storage":{"gen":200},"Solar":{"gen":0.9},"Wind":{"gen":15100}}}}}
          """;
      case NYISO ->
          """
          Time Stamp,Time Zone,Fuel Category,Gen MW
          11/19/2026 19:15:00,EST,Dual Fuel,4521
          11/19/2026 19:15:00,EST,Natural Gas,3200
          11/19/2026 19:15:00,EST,Nuclear,3100
          11/19/2026 19:15:00,EST,Other Fossil Fuels,50
          11/19/2026 19:15:00,EST,Other Renewables,200
          11/19/2026 19:15:00,EST,Wind,1500
          11/19/2026 19:15:00,EST,Hydro,2800
          """;
      case MISO ->
          """
          {"RefId":"19-Nov-2026 - Interval 19:15 EST","TotalMW":"71000","Fuel":{"Type":[
           {"INTERVALEST":"2026-11-19 7:15:00 PM","CATEGORY":"Coal","ACT":"20866"},
           {"INTERVALEST":"2026-11-19 07:15:00 PM","CATEGORY":"Coal","ACT":"20866"},
           {"INTERVALEST":"2026-11-19 07:15:00 PM","CATEGORY":"Natural Gas","ACT":"30000"},
           {"INTERVALEST":"2026-11-19 07:15:00 PM","CATEGORY":"Imports","ACT":"-1300"},
           {"INTERVALEST":"2026-11-19 07:15:00 PM","CATEGORY":"Wind","ACT":"9000"}]}}
          """;
      case SPP ->
          """
          GMT MKT Interval, Coal Market, Coal Self, Natural Gas Market, Gas Self, Wind Market, Wind Self, Load
          2026-11-20T00:10:00Z,5000,4000,6000,100,12000,500,30000
          2026-11-20T00:15:00Z,5000,4000,6000,100,12000,500,30000
          """;
    };
  }
}
