package uk.example.spine.datafetchers;

import com.netflix.graphql.dgs.DgsComponent;
import com.netflix.graphql.dgs.DgsData;
import graphql.schema.DataFetchingEnvironment;
import uk.example.spine.Generated;
import uk.example.spine.types.Patient;

@Generated
@DgsComponent
public class PatientDatafetcher {
  @DgsData(
      parentType = "Query",
      field = "patient"
  )
  public Patient getPatient(DataFetchingEnvironment dataFetchingEnvironment) {
    return null;
  }
}
