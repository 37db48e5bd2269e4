package uk.example.spine.datafetchers;

import com.netflix.graphql.dgs.DgsComponent;
import com.netflix.graphql.dgs.DgsData;
import graphql.schema.DataFetchingEnvironment;
import uk.example.spine.Generated;
import uk.example.spine.types.PatientTraceResult;

@Generated
@DgsComponent
public class TracePatientDatafetcher {
  @DgsData(
      parentType = "Query",
      field = "tracePatient"
  )
  public PatientTraceResult getTracePatient(DataFetchingEnvironment dataFetchingEnvironment) {
    return null;
  }
}
