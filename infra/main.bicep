// Baton in Azure: the bot registration, the container app that runs it, and its database.
// One user-assigned identity is both the bot's app id and the database's only user: there is no
// password and no key. Deploy into a resource group of its own:
//   az deployment group create -g GROUP -f infra/main.bicep -p image=REGISTRY/baton:TAG intakeKeys='' pagingKeys=''

targetScope = 'resourceGroup'

@description('The name that all resources start with: 3 to 20 lower-case letters, digits and hyphens.')
@minLength(3)
@maxLength(20)
param name string = 'baton'

@description('The region of everything but the bot registration, which is global.')
param location string = resourceGroup().location

@description('The container image to run, with its registry and tag.')
param image string

@description('The registry that the identity may pull from, such as NAME.azurecr.io; empty for a public one.')
param registryServer string = ''

@description('BATON_INTAKE_KEYS: partner=sha256hex, separated by commas. Empty: no partner system may send.')
@secure()
param intakeKeys string

@description('BATON_PAGING_KEYS: provider=secret, separated by commas. Empty: no paging service can be called.')
@secure()
param pagingKeys string

@description('The most request units a second that the database scales to.')
@minValue(1000)
param maxThroughput int = 4000

@description('Spread the database over availability zones; not every region has them.')
param zoneRedundant bool = true

@description('How much is written to the log.')
@allowed(['debug', 'info', 'warn', 'error'])
param logLevel string = 'info'

var databaseName = 'baton'
var containerName = 'records'
var port = 3978
// The built-in role "Cosmos DB Built-in Data Contributor": reads and writes of data, nothing of the account.
var dataContributor = '00000000-0000-0000-0000-000000000002'
var registries = empty(registryServer) ? [] : [{ server: registryServer, identity: identity.id }]
var intakeSecrets = empty(intakeKeys) ? [] : [{ name: 'intake-keys', value: intakeKeys }]
var intakeEnvironment = empty(intakeKeys) ? [] : [{ name: 'BATON_INTAKE_KEYS', secretRef: 'intake-keys' }]
var pagingSecrets = empty(pagingKeys) ? [] : [{ name: 'paging-keys', value: pagingKeys }]
var pagingEnvironment = empty(pagingKeys) ? [] : [{ name: 'BATON_PAGING_KEYS', secretRef: 'paging-keys' }]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-identity'
  location: location
}

resource account 'Microsoft.DocumentDB/databaseAccounts@2024-05-15' = {
  name: '${name}-${uniqueString(resourceGroup().id)}'
  location: location
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    // ETags alone decide who wins, so correctness would hold at Session. Strong costs a second request
    // unit a read and spares people a card that another replica's commit has already overtaken.
    consistencyPolicy: {
      defaultConsistencyLevel: 'Strong'
    }
    locations: [
      {
        locationName: location
        failoverPriority: 0
        isZoneRedundant: zoneRedundant
      }
    ]
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: {
        tier: 'Continuous30Days'
      }
    }
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2024-05-15' = {
  parent: account
  name: databaseName
  properties: {
    resource: {
      id: databaseName
    }
  }
}

// The key and the indexing policy are those of src/store/cosmos-item.ts: each case is a logical
// partition of its own, and nothing is indexed but the lists.
resource container 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2024-05-15' = {
  parent: database
  name: containerName
  properties: {
    resource: {
      id: containerName
      partitionKey: {
        paths: ['/pathwayId', '/caseId']
        kind: 'MultiHash'
        version: 2
      }
      indexingPolicy: {
        indexingMode: 'consistent'
        automatic: true
        includedPaths: [
          {
            path: '/lists/*'
          }
        ]
        excludedPaths: [
          {
            path: '/*'
          }
        ]
      }
    }
    options: {
      autoscaleSettings: {
        maxThroughput: maxThroughput
      }
    }
  }
}

resource dataAccess 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-05-15' = {
  parent: account
  name: guid(account.id, identity.id, dataContributor)
  properties: {
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/${dataContributor}'
    principalId: identity.properties.principalId
    scope: account.id
  }
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${name}-logs'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 90
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: '${name}-environment'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
  }
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  dependsOn: [
    container
    dataAccess
  ]
  properties: {
    managedEnvironmentId: environment.id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: port
        transport: 'http'
        allowInsecure: false
      }
      registries: registries
      secrets: concat(intakeSecrets, pagingSecrets)
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'baton'
          image: image
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: concat(
            [
              { name: 'PORT', value: string(port) }
              { name: 'LOG_LEVEL', value: logLevel }
              { name: 'BATON_STORE', value: 'cosmos' }
              { name: 'COSMOS_ENDPOINT', value: account.properties.documentEndpoint }
              { name: 'COSMOS_DATABASE', value: databaseName }
              { name: 'MICROSOFT_APP_ID', value: identity.properties.clientId }
              { name: 'MICROSOFT_APP_TYPE', value: 'UserAssignedMSI' }
              { name: 'MICROSOFT_APP_TENANT_ID', value: tenant().tenantId }
            ],
            intakeEnvironment,
            pagingEnvironment
          )
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/readyz/traffic'
                port: port
              }
              periodSeconds: 2
              failureThreshold: 30
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/healthz'
                port: port
              }
              periodSeconds: 10
              failureThreshold: 3
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/readyz/traffic'
                port: port
              }
              periodSeconds: 5
              failureThreshold: 2
            }
          ]
        }
      ]
      // Two, so that one can be replaced while the other answers; a lease says which of them sends.
      scale: {
        minReplicas: 2
        maxReplicas: 2
      }
    }
  }
}

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: '${name}-bot'
  location: 'global'
  kind: 'azurebot'
  sku: {
    name: 'S1'
  }
  properties: {
    displayName: 'Baton'
    endpoint: 'https://${app.properties.configuration.ingress.fqdn}/api/messages'
    msaAppId: identity.properties.clientId
    msaAppMSIResourceId: identity.id
    msaAppTenantId: tenant().tenantId
    msaAppType: 'UserAssignedMSI'
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
    properties: {
      isEnabled: true
    }
  }
}

@description('The host to give to `npm run package` as --domain.')
output domain string = app.properties.configuration.ingress.fqdn

@description('The bot\'s Microsoft app id: --app-id of `npm run package`.')
output appId string = identity.properties.clientId

@description('The address of the database account.')
output cosmosEndpoint string = account.properties.documentEndpoint
