package uk.example.spine.datafetchers;

import com.netflix.graphql.dgs.DgsComponent;
import com.netflix.graphql.dgs.DgsData;
import graphql.schema.DataFetchingEnvironment;
import uk.example.spine.Generated;
import uk.example.spine.types.Appointment;

@Generated
@DgsComponent
public class AppointmentDatafetcher {
  @DgsData(
      parentType = "Query",
      field = "appointment"
  )
  public Appointment getAppointment(DataFetchingEnvironment dataFetchingEnvironment) {
    return null;
  }
}
